package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import java.time.Duration;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DecisionWriterProperties {
  private final WeirSerdes serdes =
      WeirSerdes.from(AvroSerdes.over(new InProcessSchemaRegistryClient()));

  @Property
  void theBytesAreThoseThatAvroWritesOfTheRecord(@ForAll("decided") DecidedRequest decided) {
    assertThat(serdes.decided().serialize("decisions", decided))
        .isEqualTo(
            serdes.decisions().serializer().serialize("decisions", Decisions.toRecord(decided)));
  }

  @Provide
  Arbitrary<DecidedRequest> decided() {
    return Combinators.combine(texts(), texts(), decisions(), Arbitraries.of(true, false))
        .as(DecidedRequest::new);
  }

  private static Arbitrary<Decision> decisions() {
    return Combinators.combine(
            Arbitraries.of(Verdict.class),
            Arbitraries.of(Reason.class),
            texts().optional(),
            texts().optional(),
            statuses().list().ofMaxSize(3),
            waits(),
            times(),
            times())
        .as(
            (verdict, reason, message, identifier, statuses, wait, millis, other) ->
                new Decision(
                    verdict,
                    reason,
                    message,
                    identifier.map(KeyText::of),
                    statuses,
                    wait,
                    other,
                    millis / 2,
                    millis,
                    other,
                    millis % 2 == 0));
  }

  private static Arbitrary<LimitStatus> statuses() {
    return Combinators.combine(
            texts(),
            texts(),
            limits(),
            Arbitraries.of(LimitMode.class),
            Arbitraries.of(Verdict.class),
            waits(),
            times(),
            times())
        .as(
            (key, rule, limit, mode, verdict, wait, remaining, reset) ->
                new LimitStatus(
                    KeyText.of(key),
                    rule,
                    limit,
                    mode,
                    verdict,
                    remaining,
                    reset,
                    wait,
                    remaining / 3));
  }

  private static Arbitrary<Limit> limits() {
    Arbitrary<Integer> requests = Arbitraries.integers().between(0, 1_000_000);
    return Arbitraries.oneOf(
        requests.map(each -> Limit.tokenBucket(each, Duration.ofMinutes(1))),
        requests.map(each -> Limit.fixedWindow(each, Duration.ofDays(30))),
        requests.map(each -> Limit.leakyBucket(each + 1, Duration.ofSeconds(7)).withBurst(9)));
  }

  private static Arbitrary<OptionalLong> waits() {
    return times().optional().map(it -> it.map(OptionalLong::of).orElseGet(OptionalLong::empty));
  }

  /** ASCII mostly, and what is not. */
  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ascii().ofMaxLength(40),
        Arbitraries.strings().ofMaxLength(20),
        Arbitraries.of("", "\u00e4", "api/user_id=\ud83d\ude00", "a".repeat(2_000)));
  }

  private static Arbitrary<Long> times() {
    return Arbitraries.longs().between(0, 1L << 61);
  }
}
