package io.weir.streams.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.store.DuplicateBounds;
import io.weir.streams.topology.InputKeying;
import io.weir.streams.topology.TopologySettings;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicLayoutTest {
  private final TopicLayout layout = new TopicLayout(Set.of("requests", "changelog"));

  @Test
  void topicsOfEqualSizesAreNoProblem() {
    assertThat(layout.problem(Map.of("requests", 4, "changelog", 4, "other", 1))).isEmpty();
  }

  @Test
  void aTopicThatKafkaStreamsMakesItselfMayBeMissing() {
    assertThat(layout.problem(Map.of("requests", 4))).isEmpty();
    assertThat(layout.problem(Map.of())).isEmpty();
  }

  @Test
  void topicsOfUnequalSizesAreNamedWithTheirSizes() {
    assertThat(layout.problem(Map.of("requests", 6, "changelog", 4)).orElseThrow())
        .startsWith(
            "these topics must have equal numbers of partitions, or identifiers would lose their"
                + " state: changelog has 4, requests has 6;");
  }

  @Test
  void checksAreKeyedAnewIntoAsManyPartitionsAsRequestsHave() {
    assertThat(TopicLayout.of("weir", TopologySettings.DEFAULT).alike())
        .containsExactlyInAnyOrder(
            "weir.requests",
            "weir.releases",
            "weir-limit-checks-repartition",
            "weir-weir-limits-changelog");
  }

  @Test
  void aSettingMayGiveChecksAnotherNumberOfPartitions() {
    TopologySettings settings =
        TopologySettings.DEFAULT.withInput(new InputKeying.Any(OptionalInt.of(12)));

    assertThat(TopicLayout.of("weir", settings).alike())
        .containsExactlyInAnyOrder(
            "weir.releases", "weir-limit-checks-repartition", "weir-weir-limits-changelog");
  }

  @Test
  void requestsThatAreKeyedAlreadyAreWhereTheStateIs() {
    TopologySettings settings = TopologySettings.DEFAULT.withInput(new InputKeying.ByIdentifier(4));

    assertThat(TopicLayout.of("weir", settings).alike())
        .containsExactlyInAnyOrder(
            "weir.requests",
            "weir.releases",
            "weir-limit-checks-repartition",
            "weir-weir-limits-changelog");
  }

  @Test
  void whereDuplicatesAreFoundARequestMeetsItsAnswers() {
    TopologySettings settings =
        TopologySettings.DEFAULT.with(new DuplicateBounds(Duration.ofMinutes(1), 1_000));

    assertThat(TopicLayout.of("weir", settings).alike())
        .contains("weir-limit-answers-repartition", "weir-request-checks-repartition");
  }
}
