package io.weir.streams.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.dev.ProxyProcess;
import io.weir.streams.cli.dev.RedisProcess;
import io.weir.streams.real.RealBroker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caddy with the configuration of docs/gateway.md, before a real gateway. */
@WithProxy(ProxyProgram.CADDY)
class CaddyProxyIT {
  private static final String BEFORE =
      """
      {
        admin off
        storage file_system %s
      }
      http://127.0.0.1:%d {
        bind 127.0.0.1
      """;

  @TempDir Path directory;

  @Test
  void caddyAsksForEachRequestAndHandsDenialsOn() {
    try (RedisProcess redis = RedisProcess.start(RealBroker.files());
        RunningGateway gateway = new RunningGateway(directory, redis, ForwardAuth.RULES, Map.of());
        Backend backend = new Backend();
        ProxyProcess caddy = start(gateway, backend)) {
      Client client = Client.of(caddy.port());
      HttpResponse<String> denied =
          ForwardAuth.assertLimitPassesAndTheRestIsDenied(client, backend);
      assertThat(denied.headers().allValues("RateLimit")).hasSize(1);
      assertThat(denied.body()).contains("OVER_LIMIT");

      assertThat(client.status("/forbidden", "X-Api-Key", "other"))
          .as("a 403 of the backend's own")
          .isEqualTo(403);
      assertThat(client.status("/", "X-Api-Key", "one", "X-Api-Key", "another")).isEqualTo(400);

      gateway.stop();
      assertThat(client.status("/", "X-Api-Key", "new")).isEqualTo(502);
      gateway.startAgain();
      assertThat(client.status("/", "X-Api-Key", "new")).isEqualTo(200);
      assertThat(caddy.logTail()).doesNotContain("panic");
    }
  }

  private ProxyProcess start(RunningGateway gateway, Backend backend) {
    ShownConfiguration shown =
        ShownConfiguration.of("gateway.md", "forward_auth")
            .with("forward_auth weir:8080 {", "forward_auth " + gateway.http() + " {");
    return ProxyProcess.start(
        ProxyProgram.CADDY.executable(),
        port -> {
          Path file =
              shown
                  .within(
                      BEFORE.formatted(directory.resolve("caddy"), port),
                      "reverse_proxy 127.0.0.1:" + backend.port() + "\n}\n")
                  .write(directory.resolve("Caddyfile"));
          return List.of("run", "--adapter", "caddyfile", "--config", file.toString());
        },
        "serving initial configuration");
  }
}
