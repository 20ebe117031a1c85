package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.BenchProgress;
import io.weir.benchmarks.harness.WorkerProcess;
import io.weir.streams.cli.dev.EmbeddedFiles;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.topology.WeirSerdes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A broker and workers, all of them processes of their own, that live as long as this object. What
 * they write goes with the broker's files. Not thread-safe.
 */
final class BenchSession implements AutoCloseable {
  /** On a machine that is busy the only broker must not be taken for dead. */
  private static final Map<String, String> BROKER =
      Map.of(
          "broker.session.timeout.ms",
          "600000",
          "broker.heartbeat.interval.ms",
          "5000",
          // Deleted topics must not fill the disk.
          "log.segment.delete.delay.ms",
          "1000",
          // Compaction takes a core for a while, whichever candidate has the machine then.
          "log.cleaner.backoff.ms",
          String.valueOf(Duration.ofDays(1).toMillis()));

  /** One that serves for long: compiled as well as what is measured. */
  private static final List<String> BROKER_JVM =
      List.of("-XX:TieredStopAtLevel=4", "-XX:-UseSerialGC", "-XX:+UseG1GC", "-Xmx1g");

  private static final List<String> LOAD_JVM = List.of("-Xmx512m", "-XX:+UseG1GC");

  private final BenchPlan plan;
  private final BenchProgress progress;
  private final KafkaProcess kafka;
  private final Admin admin;
  private final BenchTopics topics;
  private final Path directory;
  private final Map<String, WorkerProcess> workers = new HashMap<>();
  private final Set<String> written = new HashSet<>();
  private final long inputStartMillis = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
  private int applications;

  /** Starts a broker and puts the rules in force. */
  BenchSession(EmbeddedFiles files, BenchPlan plan, BenchProgress progress) {
    this.plan = plan;
    this.progress = progress;
    this.kafka = KafkaProcess.start(files, BROKER, BROKER_JVM);
    try {
      this.directory = Files.createDirectory(kafka.log().resolveSibling("bench"));
      this.admin =
          Admin.create(
              Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
      this.topics = new BenchTopics(admin, kafka.bootstrapServers());
      WeirSerdes serdes = BenchSerdes.create();
      topics.loadRules(serdes);
    } catch (IOException e) {
      kafka.close();
      throw new UncheckedIOException("cannot make a directory for the workers", e);
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  BenchPlan plan() {
    return plan;
  }

  BenchProgress progress() {
    return progress;
  }

  BenchTopics topics() {
    return topics;
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** The worker of that name, with the heap of those that are compared. Lives on. */
  WorkerProcess worker(String name) {
    return workers.computeIfAbsent(
        name, key -> new WorkerProcess(key, Worker.class, directory, plan.jvmOptions()));
  }

  /** The worker that writes input and makes load. */
  WorkerProcess load() {
    return workers.computeIfAbsent(
        "load", key -> new WorkerProcess(key, Worker.class, directory, LOAD_JVM));
  }

  /** Ends a worker that is not needed any more. */
  void end(String name) {
    WorkerProcess worker = workers.remove(name);
    if (worker != null) {
      worker.close();
    }
  }

  /** An application that was never there, over a topic of requests. */
  AppSpec newApp(
      Candidate candidate,
      String requests,
      RequestShape shape,
      Guarantee guarantee,
      int partitions) {
    String application = "bench-" + applications++;
    return new AppSpec(
        candidate,
        application,
        kafka.bootstrapServers(),
        requests,
        shape,
        guarantee,
        plan.commitMillis(guarantee),
        partitions,
        plan.threads(),
        0,
        directory.resolve(application).toString(),
        true,
        Map.of());
  }

  /** A topic with so many requests of a shape and spread, which is written once. */
  String requests(RequestShape shape, KeySpread spread, int count) {
    String topic = "requests." + shape.label() + "." + spread.label();
    if (written.add(topic)) {
      topics.create(topic, plan.partitions());
      writeRequests(topic, shape, spread, count);
    }
    return topic;
  }

  /** Writes requests to a topic that is there. */
  void writeRequests(String topic, RequestShape shape, KeySpread spread, int count) {
    Map<?, ?> unused =
        load()
            .perform(
                new Task.WriteRequests(
                    bootstrapServers(), topic, shape, spread, count, plan.seed(), inputStartMillis),
                Map.class,
                progress.begin("writing requests, " + spread.label()));
  }

  @Override
  public void close() {
    workers.values().forEach(WorkerProcess::close);
    admin.close(Duration.ZERO);
    kafka.close();
  }
}
