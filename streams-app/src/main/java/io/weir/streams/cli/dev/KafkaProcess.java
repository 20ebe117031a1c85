package io.weir.streams.cli.dev;

import io.weir.streams.cli.dev.ChildProcess.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.Uuid;

/**
 * One Kafka broker, its own controller, as a child process that listens on the loopback address
 * only. It keeps its ports and data when it is killed and started again. Not thread-safe.
 */
public final class KafkaProcess extends ServerProcess {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final String HOST = "127.0.0.1";
  private static final String LISTENERS = "listeners";

  private final EmbeddedFiles files;
  private final int port;
  private final List<String> jvmOptions;

  private KafkaProcess(EmbeddedFiles files, ChildProcess child, int port, List<String> jvmOptions) {
    super(child);
    this.files = files;
    this.port = port;
    this.jvmOptions = List.copyOf(jvmOptions);
  }

  /** Starts a broker without topics; returns when it answers. */
  public static KafkaProcess start(EmbeddedFiles files) {
    return start(files, Map.of());
  }

  /**
   * Starts a broker without topics; returns when it answers.
   *
   * @param settings broker settings that differ from those chosen here; {@code listeners} are added
   *     to the plain one
   * @throws ChildStartException if it does not come up
   */
  public static KafkaProcess start(EmbeddedFiles files, Map<String, String> settings) {
    return start(files, settings, List.of());
  }

  /**
   * Starts a broker without topics; returns when it answers.
   *
   * @param settings broker settings that differ from those chosen here; {@code listeners} are added
   *     to the plain one
   * @param jvmOptions options of its JVM; they win over those chosen here, which are for a fast
   *     start on a small machine
   * @throws ChildStartException if it does not come up
   */
  public static KafkaProcess start(
      EmbeddedFiles files, Map<String, String> settings, List<String> jvmOptions) {
    return startOnFreePorts(
        "broker",
        child -> {
          KafkaProcess kafka = new KafkaProcess(files, child, FreePort.find(), jvmOptions);
          kafka.format(settings);
          return kafka;
        });
  }

  /** For {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /**
   * Starts the broker again after {@link #kill()} or {@link #stop()}, on the same ports and data;
   * returns when it answers.
   */
  @Override
  public void restart() {
    child()
        .start(
            new Program(
                files.brokerClassPath(),
                Stream.concat(
                        Stream.of(
                            "-Xms128m",
                            "-Xmx512m",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "-Dorg.slf4j.simpleLogger.showDateTime=true",
                            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS"),
                        jvmOptions.stream())
                    .toList(),
                "kafka.Kafka",
                List.of(configFile().toString())));
    child().awaitReady(this::answers, START_TIMEOUT);
  }

  /** Ends the broker as an operator would (SIGTERM). */
  public void stop() {
    child().stop();
  }

  private Path configFile() {
    return child().directory().resolve("server.properties");
  }

  private void format(Map<String, String> settings) {
    Properties config = new Properties();
    config.putAll(configuration(FreePort.find()));
    settings.forEach(
        (name, value) ->
            config.merge(
                name,
                value,
                (chosen, given) -> name.equals(LISTENERS) ? chosen + "," + given : given));
    try (Writer out = Files.newBufferedWriter(configFile())) {
      config.store(out, "An embedded broker of Weir");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + configFile(), e);
    }
    child()
        .start(
            new Program(
                files.brokerClassPath(),
                List.of("-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                "kafka.tools.StorageTool",
                List.of(
                    "format",
                    "--cluster-id",
                    Uuid.randomUuid().toString(),
                    "--config",
                    configFile().toString())));
    child().awaitSuccess(START_TIMEOUT);
  }

  private Map<String, String> configuration(int controllerPort) {
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry("node.id", "1"),
        Map.entry("controller.quorum.voters", "1@" + HOST + ":" + controllerPort),
        Map.entry("controller.listener.names", "CONTROLLER"),
        Map.entry(
            LISTENERS,
            "PLAINTEXT://" + bootstrapServers() + ",CONTROLLER://" + HOST + ":" + controllerPort),
        Map.entry("log.dirs", child().directory().resolve("data").toString()),
        // Topics are declared; one that appears by a typing error would hide it.
        Map.entry("auto.create.topics.enable", "false"),
        Map.entry("offsets.topic.replication.factor", "1"),
        Map.entry("offsets.topic.num.partitions", "4"),
        Map.entry("transaction.state.log.replication.factor", "1"),
        Map.entry("transaction.state.log.min.isr", "1"),
        Map.entry("transaction.state.log.num.partitions", "4"),
        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
        Map.entry("share.coordinator.state.topic.min.isr", "1"),
        Map.entry("share.coordinator.state.topic.num.partitions", "1"),
        Map.entry("group.initial.rebalance.delay.ms", "0"),
        // A killed broker is let in again when the session of its last life is over.
        Map.entry("broker.session.timeout.ms", "3000"),
        Map.entry("broker.heartbeat.interval.ms", "500"),
        // A small machine: the defaults reserve for hundreds of partitions.
        Map.entry("num.network.threads", "2"),
        Map.entry("num.io.threads", "2"),
        Map.entry("background.threads", "2"),
        Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
        Map.entry("log.index.size.max.bytes", "1048576"),
        Map.entry("controlled.shutdown.enable", "false"));
  }

  private boolean answers() {
    // A client that is refused warns in our own log each time, so it comes second.
    if (!FreePort.isTaken(port)) {
      return false;
    }
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
      return !admin
          .describeCluster(new DescribeClusterOptions().timeoutMs(10_000))
          .nodes()
          .get()
          .isEmpty();
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the broker", e);
    }
  }
}
