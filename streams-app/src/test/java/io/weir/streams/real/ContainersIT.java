package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import io.weir.streams.containers.AppImage;
import io.weir.streams.containers.Surroundings;
import io.weir.streams.containers.WithContainers;
import io.weir.streams.real.AllOrNothing.Judging;
import io.weir.streams.real.AllOrNothing.TimeOuts;
import io.weir.streams.real.RunningWeir.RequestTimes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.MountableFile;

/**
 * Weir's image beside a broker and a registry in containers: every request has the one decision
 * that the rules say, whatever is restarted or cut off meanwhile.
 */
@WithContainers
class ContainersIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int ENDED_BY_SIGTERM = 143;
  private static final long MEMORY_BYTES = 768L << 20;
  private static final int DOOR = 8080;

  private final Surroundings surroundings;
  private final RunningWeir weir;
  private final GenericContainer<?> instance;
  private final int port = Surroundings.freePort();

  ContainersIT(Surroundings surroundings, AppImage image, @TempDir Path directory)
      throws Exception {
    this.surroundings = surroundings;
    this.weir =
        RunningWeir.create(
            surroundings.bootstrapServers(),
            surroundings.registryUrl(),
            directory,
            RequestTimes.OF_BROKER,
            Map.of("standby.replicas", "0", "kafka.consumer.session.timeout.ms", "6000"));
    this.instance =
        new GenericContainer<>(image.name())
            .withNetwork(surroundings.network())
            .withExposedPorts(DOOR)
            .withEnv(environment(directory))
            .withCopyFileToContainer(
                MountableFile.forHostPath(directory.resolve("topics.yml")), "/topics.yml")
            .withCreateContainerCmdModifier(
                command -> Objects.requireNonNull(command.getHostConfig()).withMemory(MEMORY_BYTES))
            // Sooner than by the engine's health check, of which others wait for.
            .waitingFor(Wait.forHttp("/health/ready").withStartupTimeout(PATIENCE));
    Surroundings.publish(instance, port, DOOR);
  }

  private Map<String, String> environment(Path directory) throws IOException {
    Map<String, String> variables = new HashMap<>(weir.environment(directory));
    // What is said of this machine; the image says it itself.
    variables.keySet().removeAll(Set.of("WEIR_STATE_DIR", "WEIR_HTTP_PORT"));
    variables.put("WEIR_TOPICS_FILE", "/topics.yml");
    variables.putAll(surroundings.environment());
    return variables;
  }

  @BeforeEach
  void start() {
    weir.applyRules(SeveralTraffic.RULES);
    instance.start();
  }

  @AfterEach
  void stop() {
    instance.stop();
  }

  @Test
  void itIsStoppedByTheSignalAndGoesOnWithTheStateOfItsVolume() throws Exception {
    Batch.send(weir, SeveralTraffic::request, 0, 1_000);
    weir.awaitDecisions(1_000);
    assertThat(get("/v1/rules").statusCode()).isEqualTo(200);
    assertThat(maxHeapBytes()).isBetween(0.4 * MEMORY_BYTES, 0.5 * MEMORY_BYTES);

    engine().killContainerCmd(instance.getContainerId()).withSignal("TERM").exec();
    await().atMost(PATIENCE).until(() -> !instance.isRunning());
    assertThat(instance.getCurrentContainerInfo().getState().getExitCodeLong())
        .isEqualTo(ENDED_BY_SIGTERM);
    assertThat(instance.getLogs()).contains("Stopped").doesNotContain("ERROR", "\tat ");

    engine().startContainerCmd(instance.getContainerId()).exec();
    Batch.send(weir, SeveralTraffic::request, 1_000, 2_000);
    assertDecided(2_000);
  }

  @Test
  void aBrokerThatIsRestartedLosesNothing() throws Exception {
    int sent;
    try (Load load = Load.on(weir, SeveralTraffic::request)) {
      weir.awaitDecisions(500);

      surroundings.restartBroker();

      weir.awaitDecisions(load.sent());
      load.close();
      sent = load.sent();
    }
    assertDecided(sent);
  }

  @Test
  void anInstanceThatIsCutOffFromTheBrokerLosesNothing() throws Exception {
    String network = surroundings.network().getId();
    String container = instance.getContainerId();
    int sent;
    try (Load load = Load.on(weir, SeveralTraffic::request)) {
      weir.awaitDecisions(500);

      engine().disconnectFromNetworkCmd().withNetworkId(network).withContainerId(container).exec();
      // Until the brokers have given it up.
      await().atMost(PATIENCE).until(() -> weir.partitionsByInstance().isEmpty());
      engine().connectToNetworkCmd().withNetworkId(network).withContainerId(container).exec();

      weir.awaitDecisions(load.sent());
      load.close();
      sent = load.sent();
    }
    assertDecided(sent);
  }

  /** That each request has one decision, and the right one. */
  private void assertDecided(int sent) throws Exception {
    weir.awaitDecisions(sent);
    Run.awaitReleases(weir);
    // Where something is away for long, some requests wait for longer than they may.
    AllOrNothing.Summary summary =
        new AllOrNothing(TopicRecords.rules(SeveralTraffic.RULES), Judging.REKEYED, TimeOuts.SOME)
            .assertHolds(Run.of(weir));
    assertThat(summary.requests().keySet()).containsExactly(1, 2, 3);
  }

  private double maxHeapBytes() throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("jvm_memory_max_bytes{area=\"heap\",id=\"G1 Old Gen\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private DockerClient engine() {
    return instance.getDockerClient();
  }
}
