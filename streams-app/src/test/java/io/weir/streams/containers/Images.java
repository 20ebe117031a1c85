package io.weir.streams.containers;

import java.util.List;
import org.testcontainers.utility.DockerImageName;

/** The images beside Weir's own; the variables of docker-compose.yml name others. */
final class Images {
  static final String KAFKA = named("KAFKA_IMAGE", "apache/kafka:4.3.1");
  static final String REGISTRY =
      named("REGISTRY_IMAGE", "apicurio/apicurio-registry-mem:2.6.13.Final");
  static final String REDIS = named("REDIS_IMAGE", "redis:7.4-alpine");
  static final String JRE = named("JRE_IMAGE", "eclipse-temurin:17-jre");

  private Images() {}

  static List<String> all() {
    return List.of(KAFKA, REGISTRY, REDIS, JRE);
  }

  static DockerImageName kafka() {
    return DockerImageName.parse(KAFKA).asCompatibleSubstituteFor("apache/kafka");
  }

  private static String named(String variable, String usual) {
    String other = System.getenv(variable);
    return other == null || other.isEmpty() ? usual : other;
  }
}
