package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.LimiterKit;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.testkit.WeirDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology as a limiter that the compatibility kit can drive. */
final class TopologySubject implements LimiterKit.Subject {
  private static final Duration TICK = Duration.ofSeconds(2);

  private final WeirDriver driver;
  private RuleSet rules = RuleSet.empty();
  private Instant wallClock = WeirDriver.START;

  TopologySubject(WeirDriver driver, RuleSet rules) {
    this.driver = driver;
    changeRules(rules);
  }

  @Override
  public Decision decide(Request request, long timestampMillis) {
    return ask(request, Operation.CHECK, null, timestampMillis);
  }

  @Override
  public Decision refund(Request request, long chargedAtMillis, long timestampMillis) {
    return ask(request, Operation.REFUND, Instant.ofEpochMilli(chargedAtMillis), timestampMillis);
  }

  @Override
  public Decision reset(Request request, long timestampMillis) {
    return ask(request, Operation.RESET, null, timestampMillis);
  }

  private Decision ask(
      Request request, Operation operation, @Nullable Instant chargedAt, long timestampMillis) {
    Instant time = Instant.ofEpochMilli(timestampMillis);
    if (time.isAfter(wallClock)) {
      advanceTo(time);
    }
    RequestEvent event =
        new RequestEvent(
            "request",
            request.domain(),
            request.attributes(),
            request.cost(),
            operation,
            chargedAt);
    driver.request(key(request, operation), event, time);
    List<TestRecord<String, io.weir.schemas.Decision>> decisions = driver.decisions();
    if (decisions.size() != 1) {
      throw new AssertionError("expected one decision, but there are " + decisions);
    }
    return LimiterDecisions.of(decisions.get(0).value());
  }

  /** The identifier, which keyed input must have for its key. */
  private String key(Request request, Operation operation) {
    try {
      Match match =
          operation == Operation.RESET
              ? rules.matchIdentifiers(request.domain(), request.attributes())
              : rules.match(request.domain(), request.attributes());
      return match.identifiers().isEmpty() ? "" : match.identifiers().get(0).identifier();
    } catch (IdentifierException e) {
      return ""; // Whoever sends it has no key for it either.
    }
  }

  @Override
  public void changeRules(RuleSet newRules) {
    for (DomainRules old : rules.domains()) {
      if (newRules.find(old.domain()).isEmpty()) {
        driver.deleteRules(old.domain());
      }
    }
    newRules.domains().forEach(driver::rules);
    rules = newRules;
  }

  /** Three ticks: one may still be in the pass of an earlier time, one more than is needed. */
  @Override
  public void expire() {
    for (int tick = 0; tick < 3; tick++) {
      advanceTo(wallClock.plus(TICK));
    }
  }

  private void advanceTo(Instant time) {
    wallClock = time;
    driver.wallClock(time);
  }

  @Override
  public void close() {
    driver.close();
  }
}
