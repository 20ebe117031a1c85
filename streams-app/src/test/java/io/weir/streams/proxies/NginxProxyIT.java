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

/** nginx with the configuration of docs/gateway.md, before a real gateway. */
@WithProxy(ProxyProgram.NGINX)
class NginxProxyIT {
  private static final String BEFORE =
      """
      daemon off;
      master_process off;
      pid %1$s/nginx.pid;
      error_log stderr notice;
      events {}
      http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        server {
          listen 127.0.0.1:%2$d;
      """;

  @TempDir Path directory;

  @Test
  void nginxAsksForEachRequestAndMakes429OfADenial() {
    try (RedisProcess redis = RedisProcess.start(RealBroker.files());
        RunningGateway gateway = new RunningGateway(directory, redis, ForwardAuth.RULES, Map.of());
        Backend backend = new Backend();
        ProxyProcess nginx = start(gateway, backend)) {
      Client client = Client.of(nginx.port());
      ForwardAuth.assertLimitPassesAndTheRestIsDenied(client, backend);

      assertThat(client.status("/forbidden", "X-Api-Key", "other"))
          .as("a 403 of the backend's own")
          .isEqualTo(403);
      assertThat(client.status("/", "X-Api-Key", "one", "X-Api-Key", "another")).isEqualTo(500);

      for (int i = 0; i < ForwardAuth.ADDRESS_LIMIT; i++) {
        int unused = client.status("/");
      }
      HttpResponse<String> limited = client.get("/", "X-Api-Key", "new");
      assertThat(limited.statusCode()).as("by the address, too").isEqualTo(429);

      gateway.stop();
      assertThat(client.status("/", "X-Api-Key", "new")).isEqualTo(500);
      gateway.startAgain();
      assertThat(client.status("/", "X-Api-Key", "new")).isEqualTo(429);
      assertThat(nginx.logTail()).doesNotContain("[alert]", "[emerg]");
    }
  }

  private ProxyProcess start(RunningGateway gateway, Backend backend) {
    ShownConfiguration shown =
        ShownConfiguration.of("gateway.md", "location / {")
            .with("http://127.0.0.1:8080/", "http://" + gateway.http() + "/")
            .with("http://backend;", "http://127.0.0.1:" + backend.port() + ";");
    return ProxyProcess.start(
        ProxyProgram.NGINX.executable(),
        port -> {
          Path file =
              shown
                  .within(BEFORE.formatted(directory, port), "}}")
                  .write(directory.resolve("nginx.conf"));
          return List.of("-p", directory.toString(), "-c", file.toString(), "-e", "stderr");
        },
        "getrlimit");
  }
}
