package io.weir.streams.cli.dev;

import io.weir.streams.cli.dev.ChildProcess.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A schema registry (Apicurio, with the API of Confluent's) as a child process that listens on the
 * loopback address only. Its schemas are in a temporary file, so that they, and its port, are still
 * there when it is killed and started again. Not thread-safe.
 */
public final class RegistryProcess extends ServerProcess {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  private final EmbeddedFiles files;
  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  private RegistryProcess(EmbeddedFiles files, ChildProcess child, int port) {
    super(child);
    this.files = files;
    this.port = port;
  }

  /**
   * Starts an empty registry; returns when it answers.
   *
   * @throws ChildStartException if it does not come up
   */
  public static RegistryProcess start(EmbeddedFiles files) {
    return startOnFreePorts(
        "registry", child -> new RegistryProcess(files, child, FreePort.find()));
  }

  /** For {@code schema.registry.url}. */
  public String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  /** Starts the registry again after {@link #kill()}, with its schemas, on the same port. */
  @Override
  public void restart() {
    Path schemas = child().directory().resolve("schemas");
    child()
        .start(
            new Program(
                files.registryClassPath(),
                List.of(
                    "-Xmx256m",
                    "-Dquarkus.http.host=127.0.0.1",
                    "-Dquarkus.http.port=" + port,
                    // No delay between a write and the disk: a kill must not lose a schema.
                    "-Dquarkus.datasource.jdbc.url=jdbc:h2:file:" + schemas + ";WRITE_DELAY=0",
                    "-Dquarkus.datasource.jdbc.initial-size=1",
                    "-Dquarkus.datasource.jdbc.min-size=1",
                    "-Dquarkus.datasource.jdbc.max-size=8",
                    "-Dregistry.enable.sentry=false",
                    "-Dquarkus.log.level=WARN"),
                "io.quarkus.runner.GeneratedMain",
                List.of()));
    child().awaitReady(this::answers, START_TIMEOUT);
  }

  private boolean answers() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/subjects"))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the registry", e);
    }
  }
}
