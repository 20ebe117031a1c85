package io.weir.streams.cli.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.rules.DomainPlan.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlanRaceTest {
  private static final DomainPlan PLAN =
      new DomainPlan("api", Outcome.CHANGED, Optional.of(3L), 4, Optional.empty(), List.of());

  @Test
  void nobodyElseWrote() {
    PlanRace race = race(3L, 4L, 7L);

    assertThat(race.meanwhile()).isEmpty();
    assertThat(race.sentences(PLAN, 7)).isEmpty();
  }

  @Test
  void whatWasNotSeenIsReplaced() {
    assertThat(race(3L, 4L, 5L, 6L, 7L).sentences(PLAN, 7))
        .containsExactly(
            "api: someone else wrote revision 6 after this plan was made; revision 7 replaced it");
  }

  @Test
  void whatCameLaterReplacesOurs() {
    PlanRace race = race(4L, 5L, 7L, 8L);

    assertThat(race.meanwhile()).containsExactly(5L, 8L);
    assertThat(race.sentences(PLAN, 7))
        .hasSize(2)
        .contains("api: someone else wrote revision 8 at the same time, which replaced revision 7");
  }

  private static PlanRace race(Long... offsets) {
    return PlanRace.of(PLAN.newestOffset(), 7, new TreeSet<>(List.of(offsets)));
  }
}
