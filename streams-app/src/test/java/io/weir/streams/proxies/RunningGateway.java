package io.weir.streams.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.RunProcess;
import io.weir.streams.cli.dev.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code weir gateway} in a process of its own, that comes back at the same addresses. */
final class RunningGateway implements AutoCloseable {
  private static final String HTTP_PORT = "WEIR_HTTP_PORT";
  private static final String GRPC_PORT = "WEIR_GRPC_PORT";

  private final Path log;
  private final Map<String, String> environment = new HashMap<>();
  private Process process;

  /**
   * Starts one; returns when its doors are open.
   *
   * @param directory for its files
   * @param rules a rules file's text
   * @param more environment variables
   */
  RunningGateway(Path directory, RedisProcess redis, String rules, Map<String, String> more) {
    this.log = directory.resolve("gateway.log");
    environment.put("WEIR_REDIS_URI", redis.uri());
    // Slow machines decide these tests by Redis, too.
    environment.put("WEIR_REDIS_TIMEOUT", "5s");
    environment.put(HTTP_PORT, "0");
    environment.put(GRPC_PORT, "0");
    try {
      environment.put(
          "WEIR_GATEWAY_RULES_FILE",
          Files.writeString(directory.resolve("rules.yaml"), rules).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.putAll(more);
    this.process = RunProcess.startGateway(log, environment);
    // When it comes back, it is where it was.
    environment.put(HTTP_PORT, port("HTTP"));
    environment.put(GRPC_PORT, port("gRPC"));
  }

  private String port(String door) {
    try {
      Matcher opened =
          Pattern.compile(door + " on 127\\.0\\.0\\.1:(\\d+)").matcher(Files.readString(log));
      assertThat(opened.find()).as(door).isTrue();
      return opened.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where its HTTP door is: {@code HOST:PORT}. */
  String http() {
    return "127.0.0.1:" + environment.get(HTTP_PORT);
  }

  String grpcPort() {
    return String.valueOf(environment.get(GRPC_PORT));
  }

  /** Ends it as an operator does. */
  void stop() {
    RunProcess.end(process);
  }

  void startAgain() {
    process = RunProcess.startGateway(log, environment);
  }

  @Override
  public void close() {
    stop();
  }
}
