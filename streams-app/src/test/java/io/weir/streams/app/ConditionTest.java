package io.weir.streams.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.query.Readiness;
import io.weir.streams.query.Readiness.Phase;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConditionTest {

  @Test
  void whatRunsIsReady() {
    assertThat(of(State.RUNNING)).isInstanceOf(Readiness.Ready.class);
  }

  @ParameterizedTest
  @CsvSource({
    "CREATED, STARTING, the rules are being loaded",
    "REBALANCING, REBALANCING, the group is sharing out its partitions anew",
    "PENDING_SHUTDOWN, STOPPING, the application is stopping",
    "NOT_RUNNING, STOPPING, the application is stopping",
    "PENDING_ERROR, FAILED, the application ended by an error; see its log",
    "ERROR, FAILED, the application ended by an error; see its log",
  })
  void everyOtherStateHasItsPhaseAndSentence(State state, Phase phase, String detail) {
    assertThat(of(state)).isEqualTo(new Readiness.NotReady(phase, detail));
  }

  @Test
  void theRulesAreBeingLoadedUntilThereIsAState() {
    assertThat(condition(false, false, Optional.empty(), Optional.empty()).readiness())
        .isEqualTo(new Readiness.NotReady(Phase.STARTING, "the rules are being loaded"));
  }

  @Test
  void aRestoringThatIsUnderWaySaysHowFarItIs() {
    assertThat(
            condition(false, false, Optional.of(State.REBALANCING), Optional.of("50 %"))
                .readiness())
        .isEqualTo(new Readiness.NotReady(Phase.RESTORING, "the state is being restored: 50 %"));
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void aStopIsAStopWhateverTheStateAndHoweverItEnds(State state) {
    for (boolean ended : new boolean[] {false, true}) {
      assertThat(condition(true, ended, Optional.of(state), Optional.of("50 %")).readiness())
          .isEqualTo(new Readiness.NotReady(Phase.STOPPING, "the application is stopping"));
    }
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void anEndThatNobodyAskedForIsAFailureWhateverTheState(State state) {
    assertThat(condition(false, true, Optional.of(state), Optional.empty()).readiness())
        .isEqualTo(
            new Readiness.NotReady(Phase.FAILED, "the application ended by an error; see its log"));
  }

  @Test
  void whatRunsByNoRulesBecauseThoseThatAreThereCannotBeReadIsNotReadyAndSaysWhy() {
    assertThat(withoutRules(false, false, State.RUNNING, Optional.empty()))
        .isEqualTo(
            new Readiness.NotReady(
                Phase.NO_RULES,
                "no rules are in force, because those that are there cannot be read: the record of"
                    + " the domain api was skipped"));
  }

  @ParameterizedTest
  @EnumSource(value = State.class, mode = EnumSource.Mode.EXCLUDE, names = "RUNNING")
  void whatDoesNotRunSaysWhatItDoesEvenWhereNoRulesCanBeRead(State state) {
    for (Optional<String> restoring : List.of(Optional.<String>empty(), Optional.of("50 %"))) {
      assertThat(withoutRules(false, false, state, restoring))
          .isEqualTo(condition(false, false, Optional.of(state), restoring).readiness())
          .isNotEqualTo(withoutRules(false, false, State.RUNNING, restoring));
    }
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void aStopAndAnEndAreSaidEvenWhereNoRulesCanBeRead(State state) {
    assertThat(withoutRules(true, false, state, Optional.empty()))
        .isEqualTo(new Readiness.NotReady(Phase.STOPPING, "the application is stopping"));
    assertThat(withoutRules(false, true, state, Optional.empty()))
        .isEqualTo(
            new Readiness.NotReady(Phase.FAILED, "the application ended by an error; see its log"));
  }

  private static Readiness withoutRules(
      boolean stopping, boolean ended, State state, Optional<String> restoring) {
    return new Condition(
            stopping,
            ended,
            Optional.of(state),
            Optional.of("the record of the domain api was skipped"),
            restoring)
        .readiness();
  }

  private static Condition condition(
      boolean stopping, boolean ended, Optional<State> state, Optional<String> restoring) {
    return new Condition(stopping, ended, state, Optional.empty(), restoring);
  }

  private static Readiness of(State state) {
    return condition(false, false, Optional.of(state), Optional.empty()).readiness();
  }
}
