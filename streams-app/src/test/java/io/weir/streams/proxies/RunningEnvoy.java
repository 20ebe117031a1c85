package io.weir.streams.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.dev.ProxyProcess;
import java.nio.file.Path;
import java.util.List;

/**
 * Envoy with the configuration of docs/envoy.md. What differs: addresses, ports and files, the
 * {@code admin} part, and what a test changes.
 */
final class RunningEnvoy implements AutoCloseable {
  private static final String ADMIN =
      """
      admin:
        address:
          socket_address: {address: 127.0.0.1, port_value: %d}
      """;
  private static final String TLS = "      # Only with grpc.tls.certificate";
  private static final String NEXT_CLUSTER = "    - name: backend\n      type:";

  private final ProxyProcess process;
  private Client admin = Client.of(0);

  /** Starts one that listens on loopback. */
  RunningEnvoy(Path directory, ShownConfiguration configuration) {
    process =
        ProxyProcess.start(
            ProxyProgram.ENVOY.executable(),
            port -> arguments(directory, configuration, port),
            "starting main dispatch loop");
  }

  private List<String> arguments(Path directory, ShownConfiguration configuration, int port) {
    int adminPort = ProxyProcess.freePort();
    admin = Client.of(adminPort);
    Path file =
        configuration
            .with("{address: 0.0.0.0, port_value: 8888}", at(port))
            .within(ADMIN.formatted(adminPort), "")
            .write(directory.resolve("envoy.yaml"));
    return List.of("--config-path", file.toString(), "--disable-hot-restart", "--concurrency", "1");
  }

  /** What the page shows, with the addresses of a gateway and a backend here. */
  static ShownConfiguration withTls(RunningGateway gateway, Backend backend) {
    return ShownConfiguration.of("envoy.md", "static_resources:")
        .with("{address: weir.example.org, port_value: 50051}", at(gateway.grpcPort()))
        .with("{address: backend.example.org, port_value: 8080}", at(backend.port()));
  }

  /** The same to a gateway without TLS. */
  static ShownConfiguration plain(RunningGateway gateway, Backend backend) {
    return withTls(gateway, backend).without(TLS, NEXT_CLUSTER);
  }

  private static String at(Object port) {
    return "{address: 127.0.0.1, port_value: " + port + "}";
  }

  Client client() {
    return Client.of(process.port());
  }

  /** What came of the filter's questions. */
  record Answers(long ok, long overLimit, long error) {}

  /** What Envoy has counted: the answers to the filter's questions. */
  Answers answers() {
    return new Answers(
        stat("cluster.backend.ratelimit.ok"),
        stat("cluster.backend.ratelimit.over_limit"),
        stat("cluster.backend.ratelimit.error"));
  }

  /** One of Envoy's statistics; 0 while it is not there. */
  long stat(String name) {
    String beginning = name + ": ";
    return admin
        .get("/stats?usedonly")
        .body()
        .lines()
        .filter(line -> line.startsWith(beginning))
        .mapToLong(line -> Long.parseLong(line.substring(beginning.length())))
        .sum();
  }

  /** The last lines that it logged tell of no error. */
  void assertNoErrorLogged() {
    assertThat(process.logTail()).doesNotContain("[error]", "[critical]");
  }

  @Override
  public void close() {
    process.close();
  }
}
