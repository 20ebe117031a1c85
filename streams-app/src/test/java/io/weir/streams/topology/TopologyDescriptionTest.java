package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.streams.store.DuplicateBounds;
import io.weir.streams.store.ExpiryShares;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
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

  /** In two there would be two copies of it; the test driver would not tell, as it has one task. */
  @Test
  void eachStoreIsInOneSubTopology() {
    DuplicateBounds duplicates = new DuplicateBounds(Duration.ofMinutes(1), 1_000);
    for (InputKeying input :
        List.of(new InputKeying.Any(OptionalInt.of(4)), new InputKeying.ByIdentifier(4))) {
      TopologySettings settings = TopologySettings.DEFAULT.withInput(input);
      assertThat(stores(settings)).as("%s", input).doesNotHaveDuplicates().hasSize(2);
      assertThat(stores(settings.with(duplicates)))
          .as("%s with duplicates", input)
          .doesNotHaveDuplicates()
          .hasSize(4);
    }
  }

  /** Those of each sub-topology. */
  private static List<String> stores(TopologySettings settings) {
    return topology(settings).describe().subtopologies().stream()
        .flatMap(
            part ->
                part.nodes().stream()
                    .filter(TopologyDescription.Processor.class::isInstance)
                    .map(TopologyDescription.Processor.class::cast)
                    .flatMap(node -> node.stores().stream())
                    .distinct())
        .toList();
  }

  @Test
  void namesOfTheTopologyThatFindsDuplicatesAreAsTheyWere() {
    assertDescription(
        TopologySettings.DEFAULT
            .withInput(new InputKeying.Any(OptionalInt.of(4)))
            .with(new DuplicateBounds(Duration.ofMinutes(1), 1_000)),
        "duplicates.txt");
  }

  @Test
  void topicsAreThoseOfTheSettings() {
    String description =
        describe(
            TopologySettings.DEFAULT.withTopics(
                new TopologyTopics("in", "out", "by-what", "given-back", "not-understood")));
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
    return topology(settings).describe().toString();
  }

  private static Topology topology(TopologySettings settings) {
    return new WeirTopology(
            new TopologyParts(
                settings,
                new WeirSerdes(
                    unused(),
                    unused(),
                    TopologyDescriptionTest.<DecidedRequest>unused().serializer(),
                    unused(),
                    unused(),
                    unused(),
                    unused(),
                    unused(),
                    unused()),
                Algorithms.standard(),
                new RulesView(),
                new TopologyMetrics(new SimpleMeterRegistry()),
                ExpiryShares.onCallersThread(),
                InstantSource.system(),
                attempt -> {}))
        .build();
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
