package io.weir.streams.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.Judge;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.query.HttpSettings;
import io.weir.streams.query.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.junit.jupiter.api.Test;

/** What happens before there is a broker; what happens with one is for the integration tests. */
class WeirApplicationTest {
  private final AtomicInteger wokenBeforeStop = new AtomicInteger();

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
      assertThat(wokenBeforeStop).hasPositiveValue();
    }
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

  private WeirApplication application(int port) throws IOException {
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
            Duration.ofMillis(300),
            Duration.ofSeconds(5)),
        new TopicLayout(Set.of("weir.requests")),
        new QueryParts("weir-limits", RuleSet::empty, new Judge()),
        new FailureClassifier(Set.of(), Set.of()),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        wokenBeforeStop::incrementAndGet,
        InstantSource.system());
  }
}
