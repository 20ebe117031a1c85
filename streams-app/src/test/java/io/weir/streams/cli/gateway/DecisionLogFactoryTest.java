package io.weir.streams.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.Decision;
import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.gateway.decisions.DecisionLog;
import io.weir.streams.topology.DecidedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DecisionLogFactoryTest {
  private final MeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void thereIsNoLogWhereTheSettingsWantNone() throws IOException {
    assertThat(start(Map.of())).isEmpty();
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  @Timeout(60)
  void theLogStartsAndStopsWithoutBrokersAndRegistry() throws IOException {
    Optional<DecisionLog> log =
        start(
            Map.of(
                "gateway.decisions.enabled", "true",
                "gateway.decisions.max.waiting", "10",
                "shutdown.timeout", "1s"));

    for (int i = 0; i < 100; i++) {
      log.orElseThrow()
          .decided(new DecidedRequest("r-" + i, "api", Decision.invalid("no domain", i, i)));
    }
    log.orElseThrow().close();

    assertThat(lost("full")).isBetween(89.0, 90.0);
    assertThat(lost("full") + lost("closed")).isEqualTo(100);
  }

  private Optional<DecisionLog> start(Map<String, String> given) throws IOException {
    Map<String, String> all = new HashMap<>(given);
    // Nobody listens there any more.
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      all.put("bootstrap.servers", "127.0.0.1:" + socket.getLocalPort());
      all.put("schema.registry.url", "http://127.0.0.1:" + socket.getLocalPort());
    }
    Settings settings = SettingsLoader.of(all);
    StopTime stopTime = StopTime.of(settings.get(WeirSettings.SHUTDOWN_TIMEOUT));
    return DecisionLogFactory.start(settings, stopTime, meters);
  }

  private double lost(String reason) {
    return meters.get("weir.gateway.decisions.lost").tag("reason", reason).counter().count();
  }
}
