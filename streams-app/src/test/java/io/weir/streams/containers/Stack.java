package io.weir.streams.containers;

import io.weir.streams.cli.Commands;
import io.weir.streams.real.RealBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code docker-compose.yml} declares, under a name and on ports that no other test has. Takes
 * everything down when it is closed.
 */
final class Stack implements AutoCloseable {
  private static final List<String> PORTS =
      List.of(
          "KAFKA_PORT",
          "REGISTRY_PORT",
          "REDIS_PORT",
          "APP_1_PORT",
          "APP_2_PORT",
          "GATEWAY_PORT",
          "GRPC_PORT");

  private final String name = RealBroker.uniqueName("weir-test");
  private final Map<String, String> variables = new HashMap<>();
  private final Docker docker;

  /** A stack that is not up. */
  Stack() {
    PORTS.forEach(port -> variables.put(port, String.valueOf(Surroundings.freePort())));
    variables.put("WEIR_IMAGE", name);
    variables.put("COMPOSE_PROJECT_NAME", name);
    this.docker = new Docker(variables);
  }

  /** Runs {@code docker compose} on it. */
  String compose(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "compose";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return docker.run(command);
  }

  /** An address outside of the containers. */
  String url(String port) {
    return "http://127.0.0.1:" + variables.get(port);
  }

  /** Where the broker is for who is in no container. */
  String bootstrapServers() {
    return "127.0.0.1:" + variables.get("KAFKA_PORT");
  }

  /** The command line of somebody outside of the containers. */
  Commands commands() {
    return Commands.in(
        Map.of(
            "WEIR_BOOTSTRAP_SERVERS", bootstrapServers(),
            "WEIR_SCHEMA_REGISTRY_URL", url("REGISTRY_PORT") + "/apis/ccompat/v7",
            "WEIR_URL", url("APP_1_PORT")));
  }

  /** What the engine has of it: containers, volumes, networks and images, a line each. */
  String leftOver() {
    String label = "label=com.docker.compose.project=" + name;
    return docker.run("ps", "--all", "--quiet", "--filter", label)
        + docker.run("volume", "ls", "--quiet", "--filter", label)
        + docker.run("network", "ls", "--quiet", "--filter", label)
        + docker.run("images", "--quiet", "--filter", label)
        + docker.run("images", "--quiet", name);
  }

  @Override
  public void close() {
    try {
      // Who waits for a clean stop of each waits for long, and others see to that.
      compose("--profile", "*", "down", "--timeout", "1", "--volumes", "--remove-orphans");
    } finally {
      docker.run("image", "rm", "--force", name);
    }
  }
}
