package io.weir.streams.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.Judge;
import io.weir.streams.query.HttpSettings;
import io.weir.streams.query.Readiness;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.topology.RulesView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.junit.jupiter.api.Test;

/** What happens before there is a broker; what happens with one is for the integration tests. */
class WeirApplicationTest {
  private final StopSignal stop = new StopSignal();

  @Test
  void brokersThatDoNotAnswerAreToldAndNothingIsLeftOpen() throws IOException {
    try (WeirApplication application = application(0)) {
      assertThat(application.readiness())
          .isInstanceOfSatisfying(
              Readiness.NotReady.class,
              notReady -> assertThat(notReady.phase()).isEqualTo(Readiness.Phase.STARTING));

      assertThatThrownBy(application::start)
          .isInstanceOf(StartupException.class)
          .hasMessageStartingWith("the brokers do not say which topics there are, within 300 ms: ")
          .hasMessageEndingWith("; check bootstrap.servers and the security settings");

      assertThat(application.exit()).isCompleted();
      assertThat(application.exit().join().isClean()).isFalse();
      assertThat(stop.isGiven()).isTrue();
      application.close();
      assertThat(application.isStartBrokenOff()).as("it failed by itself").isFalse();
    }
  }

  @Test
  void aStopDuringTheStartIsNoFailureAndNothingIsLeftOpen() throws IOException {
    try (WeirApplication application = application(0, Duration.ofHours(1))) {
      CompletableFuture<Void> start = CompletableFuture.runAsync(application::start);
      await().until(() -> isListening(application));

      application.close();

      assertThat(application.isStartBrokenOff()).isTrue();

      assertThat(application.exit().join()).isEqualTo(ExitStatus.stopped());
      assertThat(isListening(application)).isFalse();
      assertThatThrownBy(start::join).hasCauseInstanceOf(StartupException.class);
      assertThat(application.exit().join()).isEqualTo(ExitStatus.stopped());
    }
  }

  @Test
  void anInterruptedStartIsAStop() throws IOException, InterruptedException {
    try (WeirApplication application = application(0, Duration.ofHours(1))) {
      AtomicBoolean interrupted = new AtomicBoolean();
      Thread starter =
          new Thread(
              () -> {
                assertThatThrownBy(application::start).isInstanceOf(StartupException.class);
                interrupted.set(Thread.currentThread().isInterrupted());
              });
      starter.start();
      await().until(() -> isAskingForTopics(starter));

      starter.interrupt();
      starter.join();

      assertThat(interrupted).as("whoever started it can tell").isTrue();
      assertThat(application.exit().join()).isEqualTo(ExitStatus.stopped());
      assertThat(isListening(application)).isFalse();
    }
  }

  @Test
  void whatIsStoppedDoesNotStart() throws IOException {
    WeirApplication application = application(0);
    application.close();

    assertThatThrownBy(application::start)
        .isInstanceOf(StartupException.class)
        .hasMessage("the application was stopped before it had started");
    assertThat(new ApplicationRunner().run(application)).isEqualTo(ExitStatus.stopped());
  }

  @Test
  void aPortInUseIsTold() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        WeirApplication application = application(taken.getLocalPort())) {
      assertThatThrownBy(application::start)
          .isInstanceOf(StartupException.class)
          .hasMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void theRunnerReportsAStartThatFailed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        WeirApplication application = application(taken.getLocalPort())) {
      ExitStatus status = new ApplicationRunner().run(application);

      assertThat(status.code()).isNotZero();
      assertThat(status.message().orElseThrow()).startsWith("cannot listen on");
    }
  }

  @Test
  void whoCannotSayWhereItIsTakesTheMachinesName() throws IOException {
    assertThat(AdvertisedHost.of("0.0.0.0")).isEqualTo(InetAddress.getLocalHost().getHostName());
    assertThat(AdvertisedHost.of("10.0.0.7")).isEqualTo("10.0.0.7");
  }

  @Test
  void loopbackIsKnownByItsAddressesAndItsName() {
    assertThat(List.of("127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]"))
        .allMatch(AdvertisedHost::isLoopback);
    assertThat(List.of("10.0.0.7", "127.example.com", "weir-1", "::", "[fe80::1]"))
        .noneMatch(AdvertisedHost::isLoopback);
  }

  private static boolean isAskingForTopics(Thread starter) {
    return Arrays.stream(starter.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(TopicLayoutCheck.class.getName()));
  }

  private static boolean isListening(WeirApplication application) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), application.httpPort())) {
      return socket.isConnected();
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return false; // The server has no port yet, or no connector to ask for it.
    }
  }

  private WeirApplication application(int port) throws IOException {
    return application(port, Duration.ofMillis(300));
  }

  private WeirApplication application(int port, Duration startTimeout) throws IOException {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "weir-test");
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + closed.getLocalPort());
    }
    return new WeirApplication(
        new Topology(),
        properties,
        new DefaultKafkaClientSupplier(),
        new ApplicationSettings(
            HttpSettings.of("127.0.0.1", port, Duration.ofSeconds(1)),
            Optional.empty(),
            5,
            Duration.ofMinutes(10),
            startTimeout,
            Duration.ofSeconds(5)),
        new TopicLayout(Set.of("weir.requests")),
        new QueryParts(
            new LimitsPlace.Store("weir-limits"),
            new RulesView(),
            match -> Optional.empty(),
            new Judge()),
        new FailureClassifier(Set.of(), Set.of()),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        stop,
        InstantSource.system(),
        List.of());
  }
}
