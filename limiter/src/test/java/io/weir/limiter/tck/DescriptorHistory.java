package io.weir.limiter.tck;

import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.LimitOverride;
import io.weir.limiter.rule.RateUnit;
import io.weir.limiter.rule.RequestedDescriptor;
import io.weir.limiter.rule.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A random history of requests that spell out their descriptors, in order of their time.
 *
 * @param description the rules as text, for the message of a failed property
 * @param rules the rules in force
 * @param events what happens
 */
record DescriptorHistory(String description, RuleSet rules, List<Event> events) {

  /** One request. */
  record Event(DescriptorsRequest request, long timestampMillis) {}

  /** What one descriptor asks for; the same of the same entries in one request. */
  private record Asked(List<Entry> entries, long cost) {}

  private record Step(List<Asked> asked, Optional<LimitOverride> override, long moveMillis) {}

  /**
   * Any history.
   *
   * @param severalIdentifiers whether requests may be about users and addresses
   * @param overrides whether some bring their own limits
   */
  static Arbitrary<DescriptorHistory> arbitrary(
      long startMillis, boolean severalIdentifiers, boolean overrides) {
    return Combinators.combine(
            History.descriptors(severalIdentifiers),
            step(severalIdentifiers, overrides).list().ofMinSize(1).ofMaxSize(50))
        .as((text, steps) -> of(startMillis, text, steps));
  }

  private static DescriptorHistory of(long startMillis, String text, List<Step> steps) {
    List<Event> events = new ArrayList<>();
    long now = startMillis;
    for (Step step : steps) {
      now += step.moveMillis();
      List<RequestedDescriptor> descriptors =
          step.asked().stream()
              .map(each -> new RequestedDescriptor(each.entries(), each.cost(), step.override()))
              .toList();
      events.add(new Event(new DescriptorsRequest(LimiterKit.DOMAIN, descriptors), now));
    }
    return new DescriptorHistory(text, Rules.of(LimiterKit.DOMAIN, text), events);
  }

  private static Arbitrary<Step> step(boolean severalIdentifiers, boolean overrides) {
    Arbitrary<Optional<LimitOverride>> none = Arbitraries.just(Optional.empty());
    Arbitrary<Optional<LimitOverride>> override =
        overrides
            ? Arbitraries.frequencyOf(
                Tuple.of(4, none),
                Tuple.of(
                    1,
                    Arbitraries.longs()
                        .between(0, 6)
                        .map(n -> Optional.of(new LimitOverride(n, RateUnit.SECOND)))))
            : none;
    return Combinators.combine(
            asked(severalIdentifiers).list().ofMinSize(1).ofMaxSize(4),
            override,
            Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.longs().between(0, 400)),
                Tuple.of(1, Arbitraries.longs().between(400, 30_000))))
        .as(Step::new);
  }

  private static Arbitrary<Asked> asked(boolean severalIdentifiers) {
    Entry user = new Entry("user_id", "1");
    List<List<Entry>> entries =
        new ArrayList<>(
            List.of(
                List.of(user),
                List.of(new Entry("user_id", "2")),
                List.of(user, new Entry("endpoint", "/login")),
                List.of(user, new Entry("nothing", "here"))));
    if (severalIdentifiers) {
      entries.add(List.of(new Entry("ip", "::1")));
    } else {
      entries.remove(1);
    }
    return Combinators.combine(
            Arbitraries.of(entries),
            Arbitraries.frequency(
                Tuple.of(4, 1L), Tuple.of(2, 0L), Tuple.of(2, 2L), Tuple.of(1, 9L)))
        .as(Asked::new);
  }
}
