package io.weir.streams.containers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;

/** A broker and a registry in containers, and the network between them and Weir's. */
public final class Surroundings implements AutoCloseable {
  private static final int REGISTRY_PORT = 8080;
  private static final String API = "/apis/ccompat/v7";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Network network = Network.newNetwork();
  private final KafkaContainer kafka =
      new KafkaContainer(Images.kafka())
          .withNetwork(network)
          .withNetworkAliases("kafka")
          .withListener("kafka:19092")
          // What a killed instance left open is aborted in time, not at the next tick of 10 s.
          .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
  private final GenericContainer<?> registry =
      new GenericContainer<>(Images.REGISTRY)
          .withNetwork(network)
          .withNetworkAliases("registry")
          .withExposedPorts(REGISTRY_PORT)
          .waitingFor(Wait.forHttp("/health/ready").withStartupTimeout(PATIENCE));

  private Surroundings() {}

  /** Both, started; where one of them does not start, neither is left. */
  static Surroundings start() {
    Surroundings started = new Surroundings();
    try {
      // The broker tells clients this port, and it must be the same after a restart.
      publish(started.kafka, freePort(), 9092);
      Startables.deepStart(started.kafka, started.registry).join();
      return started;
    } catch (RuntimeException | Error e) {
      started.close(); // Nobody else has it, and one of them may run.
      throw e;
    }
  }

  /** Publishes a port of a container, on 127.0.0.1, as one that stays. */
  public static void publish(GenericContainer<?> container, int port, int portInside) {
    container.setPortBindings(List.of("127.0.0.1:" + port + ":" + portInside));
  }

  /** A port that nobody had a moment ago. */
  public static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What containers of Weir are connected to. */
  public Network network() {
    return network;
  }

  /** Where the broker is for who is in no container. */
  public String bootstrapServers() {
    return kafka.getBootstrapServers();
  }

  /** Where the registry is for who is in no container. */
  public String registryUrl() {
    return "http://" + registry.getHost() + ":" + registry.getMappedPort(REGISTRY_PORT) + API;
  }

  /** The variables with which Weir in a container finds both. */
  public Map<String, String> environment() {
    return Map.of(
        "WEIR_BOOTSTRAP_SERVERS",
        "kafka:19092",
        "WEIR_SCHEMA_REGISTRY_URL",
        "http://registry:" + REGISTRY_PORT + API);
  }

  /**
   * Stops the broker as an operator does, and starts it again with what it has on its disk.
   *
   * <p>Not by killing it: a broker that is the only one can then leave a transaction open for ever,
   * as it skips the markers of partitions that have no leader while it registers anew. Nobody reads
   * on behind such a transaction; docs/operations.md says how to end it.
   */
  public void restartBroker() throws IOException, InterruptedException {
    // The first process of this container is a shell, which passes no signal on.
    kafka.execInContainer("sh", "-c", "kill -TERM $(pidof java)");
    Awaitility.await().atMost(PATIENCE).until(() -> !kafka.isRunning());
    kafka.getDockerClient().startContainerCmd(kafka.getContainerId()).exec();
  }

  @Override
  public void close() {
    registry.stop();
    kafka.stop();
    network.close();
  }
}
