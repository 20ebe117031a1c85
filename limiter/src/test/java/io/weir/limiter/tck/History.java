package io.weir.limiter.tck;

import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A random history: rules that change, and requests of a few users, late ones and ones from ahead
 * included.
 *
 * @param descriptions the rules as text, for the message of a failed property
 * @param rules the rule sets that take turns, the first in force at the start
 * @param lateness the lateness that limiters are told
 * @param events what happens, in order of arrival
 */
record History(
    List<String> descriptions, List<RuleSet> rules, Duration lateness, List<Event> events) {
  private static final List<String> ALGORITHMS =
      List.of(
          "fixed_window",
          "token_bucket",
          "leaky_bucket",
          "sliding_window_log",
          "sliding_window_counter");

  /** What is asked of a limiter; a check of cost 0 is a peek. */
  enum Operation {
    CHECK,
    REFUND,
    RESET
  }

  /**
   * Which charge a refund names.
   *
   * @param decisionsBack that of so many decisions before the last one
   * @param offMillis and so much beside its time
   */
  record Charge(int decisionsBack, long offMillis) {}

  /**
   * One request, and what happens before it.
   *
   * @param changeRulesTo the rule set to put in force first, or -1 for none
   * @param expire whether expiry gets its chance first
   * @param charge for a refund
   */
  record Event(
      int changeRulesTo,
      boolean expire,
      Operation operation,
      Charge charge,
      Request request,
      long timestampMillis) {

    /**
     * Asks a limiter.
     *
     * @param judgedAt the times that the requests before it were judged at
     */
    Decision ask(LimiterKit.Subject subject, List<Long> judgedAt) {
      return switch (operation) {
        case CHECK -> subject.decide(request, timestampMillis);
        case REFUND -> subject.refund(request, chargedAtMillis(judgedAt), timestampMillis);
        case RESET -> subject.reset(request, timestampMillis);
      };
    }

    /** The time that a refund names. */
    long chargedAtMillis(List<Long> judgedAt) {
      if (judgedAt.isEmpty()) {
        return timestampMillis;
      }
      int index = Math.max(0, judgedAt.size() - 1 - charge.decisionsBack());
      return Math.max(0, judgedAt.get(index) + charge.offMillis());
    }

    /** The same of another user, and of no address. */
    Event as(String user) {
      Map<String, String> attributes = new HashMap<>(request.attributes());
      attributes.put("user_id", user);
      attributes.remove("ip");
      Request other =
          new Request(
              request.domain(), attributes, request.cost(), false, request.maxDelayMillis());
      return new Event(changeRulesTo, expire, operation, charge, other, timestampMillis);
    }
  }

  private record Step(
      int changeRulesTo,
      boolean expire,
      Operation operation,
      Charge charge,
      Request request,
      long moveMillis) {

    Event at(int change, long timestampMillis) {
      Request asked =
          operation == Operation.REFUND ? request.withCost(Math.max(1, request.cost())) : request;
      return new Event(change, expire, operation, charge, asked, timestampMillis);
    }
  }

  /**
   * Any history.
   *
   * @param severalIdentifiers whether requests may match rules under several identifiers
   * @param refundsAndResets whether there are any
   * @param disturbed whether rules change meanwhile, and requests may come later than their time
   * @param boundsDelays whether some requests say how long they would wait for a turn
   */
  static Arbitrary<History> arbitrary(
      long startMillis,
      boolean severalIdentifiers,
      boolean refundsAndResets,
      boolean disturbed,
      boolean boundsDelays) {
    Arbitrary<List<String>> rules =
        descriptors(severalIdentifiers).list().ofMinSize(1).ofMaxSize(3);
    Arbitrary<Duration> lateness = Arbitraries.longs().between(0, 20_000).map(Duration::ofMillis);
    Arbitrary<List<Step>> steps =
        step(severalIdentifiers, refundsAndResets, disturbed, boundsDelays)
            .list()
            .ofMinSize(1)
            .ofMaxSize(60);
    return Combinators.combine(rules, lateness, steps)
        .as((texts, late, moves) -> of(startMillis, texts, late, moves));
  }

  private static History of(
      long startMillis, List<String> texts, Duration lateness, List<Step> steps) {
    List<Event> events = new ArrayList<>();
    long now = startMillis;
    for (Step step : steps) {
      now = Math.max(startMillis / 2, now + step.moveMillis());
      int change = step.changeRulesTo() < texts.size() ? step.changeRulesTo() : -1;
      events.add(step.at(change, now));
    }
    return new History(
        texts, texts.stream().map(text -> Rules.of("api", text)).toList(), lateness, events);
  }

  private static Arbitrary<Step> step(
      boolean severalIdentifiers,
      boolean refundsAndResets,
      boolean disturbed,
      boolean boundsDelays) {
    Arbitrary<Integer> noChange = Arbitraries.just(-1);
    Arbitrary<Integer> change =
        disturbed
            ? Arbitraries.frequencyOf(
                Tuple.of(8, noChange), Tuple.of(1, Arbitraries.integers().between(0, 2)))
            : noChange;
    Arbitrary<Long> move =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.longs().between(0, 400)),
            Tuple.of(2, Arbitraries.longs().between(400, 30_000)),
            Tuple.of(1, Arbitraries.longs().between(disturbed ? -30_000 : 0, disturbed ? -1 : 1)));
    return Combinators.combine(
            change,
            Arbitraries.of(true, false),
            operation(refundsAndResets),
            charge(),
            boundsDelays ? bounded(severalIdentifiers) : request(severalIdentifiers),
            move)
        .as(Step::new);
  }

  private static Arbitrary<Operation> operation(boolean refundsAndResets) {
    return refundsAndResets
        ? Arbitraries.frequency(
            Tuple.of(12, Operation.CHECK),
            Tuple.of(5, Operation.REFUND),
            Tuple.of(1, Operation.RESET))
        : Arbitraries.just(Operation.CHECK);
  }

  /** Mostly of a decision that was made, and of the last one; some of no time of any. */
  private static Arbitrary<Charge> charge() {
    Arbitrary<Integer> back =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(0)), Tuple.of(3, Arbitraries.integers().between(0, 8)));
    Arbitrary<Long> off =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.just(0L)),
            Tuple.of(1, Arbitraries.longs().between(-2, 2)),
            Tuple.of(1, Arbitraries.longs().between(-20_000, 20_000)),
            Tuple.of(1, Arbitraries.of(Long.MIN_VALUE / 2, Long.MAX_VALUE / 2)));
    return Combinators.combine(back, off).as(Charge::new);
  }

  private static Arbitrary<Request> bounded(boolean severalIdentifiers) {
    Arbitrary<Optional<Duration>> longest =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(Optional.empty())),
            Tuple.of(1, Arbitraries.just(Optional.of(Duration.ZERO))),
            Tuple.of(
                3,
                Arbitraries.longs().between(0, 5_000).map(Duration::ofMillis).map(Optional::of)));
    return Combinators.combine(request(severalIdentifiers), longest)
        .as((request, delay) -> delay.map(request::withMaxDelay).orElse(request));
  }

  static Arbitrary<Request> request(boolean severalIdentifiers) {
    Arbitrary<String> ip =
        severalIdentifiers ? Arbitraries.of("", "::1", "10.0.0.1") : Arbitraries.just("");
    return Combinators.combine(
            Arbitraries.of("1", "2", "a b/ü"),
            Arbitraries.of("", "/login", "/items"),
            ip,
            Arbitraries.frequency(
                Tuple.of(6, 1L), Tuple.of(1, 0L), Tuple.of(2, 3L), Tuple.of(1, 9L)))
        .as(
            (user, endpoint, address, cost) -> {
              Map<String, String> attributes = new HashMap<>(Map.of("user_id", user));
              if (!endpoint.isEmpty()) {
                attributes.put("endpoint", endpoint);
              }
              if (!address.isEmpty()) {
                attributes.put("ip", address);
              }
              return new Request("api", attributes, cost);
            });
  }

  /** Limits of users, and where a request may have several identifiers, of addresses. */
  static Arbitrary<String> descriptors(boolean severalIdentifiers) {
    return severalIdentifiers
        ? Combinators.combine(usersDescriptor(), addressesDescriptor()).as(String::concat)
        : usersDescriptor();
  }

  private static Arbitrary<String> addressesDescriptor() {
    return Combinators.combine(limit(), mode())
        .as((address, mode) -> "- key: ip\n" + mode + "  rate_limit: {" + address + "}\n");
  }

  /** A user's limit, and sometimes a list of limits for an endpoint below it. */
  private static Arbitrary<String> usersDescriptor() {
    return Combinators.combine(
            limit(), mode(), Arbitraries.of("", "/login", "/*"), limit(), limit(), mode())
        .as(
            (user, userMode, endpoint, first, second, endpointMode) -> {
              String text = "- key: user_id\n" + userMode + "  rate_limit: {" + user + "}\n";
              if (endpoint.isEmpty()) {
                return text;
              }
              return text
                  + "  descriptors:\n    - key: endpoint\n      value: "
                  + endpoint
                  + "\n"
                  + endpointMode.indent(4)
                  + "      rate_limits:\n        - {name: first, "
                  + first
                  + "}\n        - {name: second, "
                  + second
                  + "}\n";
            });
  }

  private static Arbitrary<String> mode() {
    return Arbitraries.of("", "", "  shadow_mode: true\n", "  quota_mode: true\n");
  }

  private static Arbitrary<String> limit() {
    return Combinators.combine(
            Arbitraries.of(ALGORITHMS),
            Arbitraries.integers().between(0, 9),
            Arbitraries.integers().between(1, 9),
            Arbitraries.integers().between(1, 7))
        .as(
            (algorithm, requests, multiplier, burst) ->
                "algorithm: "
                    + algorithm
                    + ", unit: second, unit_multiplier: "
                    + multiplier
                    + ", requests_per_unit: "
                    + requests
                    + (algorithm.endsWith("bucket") ? ", burst: " + burst : ""));
  }
}
