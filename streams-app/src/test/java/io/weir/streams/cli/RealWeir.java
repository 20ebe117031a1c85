package io.weir.streams.cli;

import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A place of its own on the shared broker: topics and an application id that no other test has.
 *
 * @param environment the variables that name them
 * @param topicsFile declares the topics
 * @param name begins their names
 */
public record RealWeir(Map<String, String> environment, Path topicsFile, String name) {

  /** A place whose files are in a directory. */
  public static RealWeir in(Path directory, KafkaProcess kafka, RegistryProcess registry) {
    String name = RealBroker.uniqueName("cli");
    try {
      Path topics =
          Files.writeString(
              directory.resolve("topics.yml"),
              Files.readString(Path.of("..", "topics.yml"))
                  .replace("name: weir.", "name: " + name + ".")
                  .replace("partitions: 6", "partitions: 2"));
      Map<String, String> environment = new HashMap<>();
      environment.put("WEIR_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
      environment.put("WEIR_SCHEMA_REGISTRY_URL", registry.url());
      environment.put("WEIR_APPLICATION_ID", name);
      environment.put("WEIR_TOPICS_FILE", topics.toString());
      environment.put("WEIR_TOPICS_REQUESTS", name + ".requests");
      environment.put("WEIR_TOPICS_DECISIONS", name + ".decisions");
      environment.put("WEIR_TOPICS_RULES", name + ".rules");
      environment.put("WEIR_TOPICS_RELEASES", name + ".releases");
      environment.put("WEIR_TOPICS_DEAD_LETTER", name + ".dead-letter");
      environment.put("WEIR_STATE_DIR", directory.resolve("state").toString());
      environment.put("WEIR_STANDBY_REPLICAS", "0");
      environment.put("WEIR_HTTP_PORT", "0");
      environment.put("WEIR_GRPC_PORT", "0");
      return new RealWeir(environment, topics, name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs commands in it. */
  public Commands commands() {
    return Commands.in(environment);
  }
}
