package io.weir.benchmarks.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.benchmarks.harness.Lines;
import io.weir.benchmarks.harness.TaskLoop;
import io.weir.streams.topology.WeirSerdes;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/** The main class of a worker, which does one {@link Task} after the other ({@link TaskLoop}). */
public final class Worker {
  private final WeirSerdes serdes = BenchSerdes.create();
  private final Map<String, Admin> admins = new HashMap<>();
  private @Nullable Serving serving;

  private record Serving(StreamsPipe pipe, double startMillis) {}

  private Worker() {}

  /** Runs until the end of standard input. */
  public static void main(String[] arguments) throws InterruptedException {
    TaskLoop.run(Task.class, new Worker()::perform);
  }

  private JsonNode perform(Task task, DoubleConsumer progress) throws InterruptedException {
    if (task instanceof Task.WriteRequests write) {
      new Writers(serdes, progress).write(write);
      return Lines.tree(Map.of());
    }
    if (task instanceof Task.WriteRows write) {
      new Writers(serdes, progress).write(write);
      return Lines.tree(Map.of());
    }
    if (task instanceof Task.Run run) {
      return Lines.tree(run(run, progress));
    }
    if (task instanceof Task.Serve serve) {
      return Lines.tree(serve(serve));
    }
    if (task instanceof Task.Load load) {
      return Lines.tree(new LoadRun(serdes, load, progress).run());
    }
    Serving running = serving;
    if (running == null) {
      throw new IllegalStateException("no application runs");
    }
    ServeResult result = watch(running);
    if (task instanceof Task.Stop) {
      running.pipe().close();
      serving = null;
    }
    return Lines.tree(result);
  }

  private RunResult run(Task.Run task, DoubleConsumer told) throws InterruptedException {
    AppSpec app = task.app();
    GroupProgress progress =
        new GroupProgress(admin(app.bootstrapServers()), app.application(), app.requests());
    int recordsPerRequest = app.shape().recordsPerRequest(app.candidate());
    if (app.candidate() == Candidate.RAW) {
      try (RawPipe pipe = new RawPipe(app)) {
        return new ThroughputRun(pipe, progress, () -> 0, told)
            .run(task.requests(), recordsPerRequest);
      }
    }
    try (StreamsPipe pipe = new StreamsPipe(app, serdes)) {
      return new ThroughputRun(pipe, progress, pipe::longestStepMillis, told)
          .run(task.requests(), recordsPerRequest);
    }
  }

  private ServeResult serve(Task.Serve task) throws InterruptedException {
    if (serving != null) {
      throw new IllegalStateException("an application is running already");
    }
    StreamsPipe pipe = new StreamsPipe(task.app(), serdes);
    long beginNanos = System.nanoTime();
    try {
      pipe.start();
    } catch (RuntimeException | InterruptedException e) {
      pipe.close();
      throw e;
    }
    Serving started = new Serving(pipe, (System.nanoTime() - beginNanos) / 1e6);
    serving = started;
    return watch(started);
  }

  private static ServeResult watch(Serving running) {
    return new ServeResult(
        running.startMillis(),
        running.pipe().lag(),
        running.pipe().copies(),
        ProcessMeters.residentBytes(),
        ProcessMeters.heapBytes(),
        ProcessMeters.heapAfterGcBytes(),
        ProcessMeters.gcMillis(),
        running.pipe().stats());
  }

  private Admin admin(String bootstrapServers) {
    return admins.computeIfAbsent(
        bootstrapServers,
        servers -> Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers)));
  }
}
