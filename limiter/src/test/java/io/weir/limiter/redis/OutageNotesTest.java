package io.weir.limiter.redis;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.redis.OutageNotes.Note;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageNotesTest {
  private static final Decision DECISION = decision();

  private final List<Note> said = new ArrayList<>();
  private long nowNanos;
  private final OutageNotes notes = new OutageNotes("The gateway", () -> nowNanos);

  private static Decision decision() {
    RuleSet rules = RuleSet.of(DomainRules.of("api", key("user_id").limit(RuleLimit.perDay(9))));
    try (RateLimiter limiter = RateLimiter.inMemory(rules)) {
      return limiter.check(Request.of("api", "user_id", "42"));
    }
  }

  @Test
  void itSaysOnceThatRedisIsAwayAndOnceThatItIsBack() {
    decide(false);
    decide(true);
    decide(true);
    assertThat(said)
        .containsExactly(
            new Note(true, "The gateway decided without Redis: 1 since the last line; away"));

    pass(Duration.ofSeconds(30));
    decide(true);
    assertThat(said)
        .hasSize(2)
        .last()
        .isEqualTo(
            new Note(true, "The gateway decided without Redis: 2 since the last line; away"));

    decide(false);
    assertThat(said).as("it may be away again at once").hasSize(2);
    pass(Duration.ofSeconds(1));
    decide(false);
    decide(false);
    assertThat(said)
        .hasSize(3)
        .last()
        .isEqualTo(
            new Note(
                false, "The gateway decides with Redis again; without it 0 since the last line"));
  }

  @Test
  void thatItIsAwayAtTheStartIsNotSaidAgainSoonByTheFirstDecision() {
    assertThat(notes.awayAtStart("refused"))
        .isEqualTo(new Note(true, "The gateway begins without Redis: refused"));
    decide(true);
    pass(Duration.ofSeconds(1));
    assertThat(said).isEmpty();

    decide(false);
    assertThat(said)
        .containsExactly(
            new Note(
                false, "The gateway decides with Redis again; without it 1 since the last line"));
  }

  @Test
  void whereItComesAndGoesThereIsALineInAWhile() {
    for (int i = 0; i < 100; i++) {
      decide(true);
      pass(Duration.ofMillis(100));
      decide(false);
      pass(Duration.ofMillis(500));
    }

    assertThat(said)
        .extracting(Note::text)
        .containsExactly(
            "The gateway decided without Redis: 1 since the last line; away",
            "The gateway decided without Redis: 50 since the last line; away");
  }

  @Test
  void anOutageSoonAfterAnotherIsToldOfOnceThereMayBeALine() {
    decide(true);
    pass(Duration.ofSeconds(1));
    decide(false);
    assertThat(said).hasSize(2);

    pass(Duration.ofSeconds(5));
    decide(true);
    decide(true);
    pass(Duration.ofSeconds(2));
    decide(false);
    assertThat(said).as("too soon").hasSize(2);
    pass(Duration.ofSeconds(22));
    decide(false);
    decide(false);
    assertThat(said)
        .hasSize(3)
        .last()
        .isEqualTo(
            new Note(
                false, "The gateway decides with Redis again; without it 2 since the last line"));
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  private void decide(boolean degraded) {
    notes.decided(degraded ? DECISION.asDegraded("away") : DECISION).ifPresent(said::add);
  }
}
