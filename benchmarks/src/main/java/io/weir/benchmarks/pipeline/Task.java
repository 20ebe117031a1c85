package io.weir.benchmarks.pipeline;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a worker can be told to do: a JSON object on a line of its standard input. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "task")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Task.WriteRequests.class, name = "write_requests"),
  @JsonSubTypes.Type(value = Task.WriteRows.class, name = "write_rows"),
  @JsonSubTypes.Type(value = Task.Run.class, name = "run"),
  @JsonSubTypes.Type(value = Task.Serve.class, name = "serve"),
  @JsonSubTypes.Type(value = Task.Watch.class, name = "watch"),
  @JsonSubTypes.Type(value = Task.Stop.class, name = "stop"),
  @JsonSubTypes.Type(value = Task.Load.class, name = "load")
})
sealed interface Task {

  /**
   * Write requests to a topic that is there. The same seed gives the same ones.
   *
   * @param startMillis time of the first one, in milliseconds since the epoch
   */
  record WriteRequests(
      String bootstrapServers,
      String topic,
      RequestShape shape,
      KeySpread spread,
      int count,
      long seed,
      long startMillis)
      implements Task {}

  /**
   * Write rows of identifiers that no request names to the changelog of an application that does
   * not run: each as the application would after one request.
   *
   * @param topic the changelog, which is there
   * @param lastMillis time of that request, in milliseconds since the epoch
   */
  record WriteRows(
      String bootstrapServers, String topic, int partitions, int count, long lastMillis)
      implements Task {}

  /** Work off all requests of a topic, as fast as it goes. The result is a {@link RunResult}. */
  record Run(AppSpec app, long requests) implements Task {}

  /** Start an application and let it run. The result is a {@link ServeResult}, once it does. */
  record Serve(AppSpec app) implements Task {}

  /** Tell how it is with the application that runs: a {@link ServeResult}. */
  record Watch() implements Task {}

  /** Stop the application that runs. The result is a {@link ServeResult} of its end. */
  record Stop() implements Task {}

  /** Send requests at a fixed rate and wait for their decisions: a {@link LoadResult}. */
  record Load(
      String bootstrapServers,
      String requests,
      String decisions,
      int partitions,
      int perSecond,
      int warmUpMillis,
      int measuredMillis,
      long seed)
      implements Task {}
}
