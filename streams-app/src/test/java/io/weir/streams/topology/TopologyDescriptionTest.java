package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.algorithm.Algorithms;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.OptionalInt;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/**
 * Holds every name of the topology. A change here moves or loses state in running installations:
 * change a golden file only together with a way to migrate.
 */
class TopologyDescriptionTest {

  @Test
  void namesOfTheRekeyedTopologyAreAsTheyWere() {
    assertDescription(
        TopologySettings.DEFAULT.withInput(new InputKeying.Any(OptionalInt.of(4))), "rekeyed.txt");
  }

  @Test
  void namesOfTheKeyedTopologyAreAsTheyWere() {
    assertDescription(
        TopologySettings.DEFAULT.withInput(new InputKeying.ByIdentifier(4)), "keyed.txt");
  }

  @Test
  void topicsAreThoseOfTheSettings() {
    String description =
        describe(
            TopologySettings.DEFAULT.withTopics(
                new TopologyTopics("in", "out", "by-what", "not-understood")));
    assertThat(description)
        .contains("topics: [in]")
        .contains("topic: out")
        .contains("topics: [by-what]")
        .contains("topic: not-understood")
        .doesNotContain("weir.");
  }

  private static void assertDescription(TopologySettings settings, String golden) {
    assertThat(describe(settings)).isEqualToNormalizingNewlines(resource(golden));
  }

  private static String describe(TopologySettings settings) {
    Topology topology =
        new WeirTopology(
                new TopologyParts(
                    settings,
                    new WeirSerdes(unused(), unused(), unused(), unused()),
                    Algorithms.standard(),
                    new RulesView(),
                    new TopologyMetrics(new SimpleMeterRegistry()),
                    InstantSource.system(),
                    attempt -> {}))
            .build();
    return topology.describe().toString();
  }

  /** Serdes that a description never uses. */
  private static <T> Serde<T> unused() {
    return Serdes.serdeFrom(
        (topic, data) -> {
          throw new AssertionError("nothing is written");
        },
        (topic, data) -> {
          throw new AssertionError("nothing is read");
        });
  }

  private static String resource(String name) {
    try (InputStream file = TopologyDescriptionTest.class.getResourceAsStream(name)) {
      assertThat(file).as("golden file %s", name).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("cannot read the golden file " + name, e);
    }
  }
}
