package io.weir.limiter.algorithm;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** Random histories whose times and costs are drawn to the scale of their limit. */
public class Histories extends DomainContextBase {
  private static final int MAX_REQUESTS = 25;

  /** A limit, what it is changed to, and requests before and after. */
  record Change(History before, History after) {}

  @Provide
  Arbitrary<History> history() {
    return Arbitraries.of(Kind.values()).flatMap(Histories::historyOf);
  }

  @Provide
  Arbitrary<Change> change() {
    return Arbitraries.of(Kind.values())
        .flatMap(kind -> Combinators.combine(historyOf(kind), historyOf(kind)).as(Change::new));
  }

  static Arbitrary<History> historyOf(Kind kind) {
    return kind.limits()
        .flatMap(
            limit ->
                Combinators.combine(startMillis(), requests(limit))
                    .as((start, requests) -> new History(kind, limit, start, requests)));
  }

  private static Arbitrary<Long> startMillis() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(0, 200),
        Arbitraries.longs().between(1_700_000_000_000L, 1_900_000_000_000L),
        Arbitraries.just(LimitState.MAX_TIME_MILLIS / 2));
  }

  private static Arbitrary<List<History.Request>> requests(Limit limit) {
    return Combinators.combine(gaps(limit), costs(limit, 1))
        .as(History.Request::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(MAX_REQUESTS);
  }

  private static Arbitrary<Long> gaps(Limit limit) {
    long period = limit.periodMillis();
    long perToken = period / Math.max(1, limit.requests());
    return Arbitraries.oneOf(
        List.of(
            Arbitraries.longs().between(0, 2),
            Arbitraries.longs().between(0, 3 * perToken + 1),
            Arbitraries.longs().between(0, period / 3 + 1),
            Arbitraries.longs().between(0, 2 * period + 1)));
  }

  /**
   * Costs to the scale of a limit, one above what it can ever admit among them.
   *
   * @param least 1, or 0 where some requests peek
   */
  public static Arbitrary<Long> costs(Limit limit, long least) {
    List<Arbitrary<Long>> costs = new ArrayList<>();
    costs.add(Arbitraries.longs().between(least, 3));
    if (limit.burst() > 0) {
      costs.add(Arbitraries.longs().between(1, limit.burst()));
      costs.add(Arbitraries.longs().between(Math.max(1, limit.burst() / 3), limit.burst()));
      costs.add(Arbitraries.just(limit.burst()));
    }
    if (limit.burst() < Long.MAX_VALUE) {
      costs.add(Arbitraries.just(limit.burst() + 1));
    }
    return Arbitraries.oneOf(costs);
  }
}
