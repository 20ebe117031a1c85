package io.weir.streams.topology;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.schemas.CheckedLimit;
import io.weir.schemas.CheckedMode;
import io.weir.schemas.LimitCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Checks to the records of the repartition topic and back. Thread-safe. */
final class LimitChecks {
  private final Algorithms algorithms;

  LimitChecks(Algorithms algorithms) {
    this.algorithms = algorithms;
  }

  LimitCheck toRecord(RequestCheck check) {
    String identifier = check.identifierText().toString();
    List<CheckedLimit> limits = new ArrayList<>(check.limits().size());
    for (ApplicableLimit limit : check.limits()) {
      limits.add(toRecord(identifier, limit));
    }
    return new LimitCheck(
        check.requestId(),
        check.domain(),
        identifier,
        CheckTasks.name(check.task()),
        CheckTasks.cost(check.task()),
        CheckTasks.chargedAtMillis(check.task()),
        check.rulesRevision(),
        limits,
        check.hold().map(HoldRef::toRecord).orElse(null));
  }

  /**
   * The check of a record.
   *
   * @throws IllegalStateException if it names an algorithm or a task that this instance does not
   *     know
   */
  RequestCheck fromRecord(LimitCheck check) {
    List<ApplicableLimit> limits = new ArrayList<>(check.getLimits().size());
    for (CheckedLimit limit : check.getLimits()) {
      limits.add(fromRecord(check, limit));
    }
    return new RequestCheck(
        check.getRequestId(),
        check.getDomain(),
        KeyText.of(check.getIdentifier()),
        limits,
        CheckTasks.of(check),
        check.getRulesRevision(),
        Optional.ofNullable(check.getHold()).map(HoldRef::of));
  }

  private static CheckedLimit toRecord(String identifier, ApplicableLimit applicable) {
    Limit limit = applicable.limit();
    return new CheckedLimit(
        afterIdentifier(identifier, applicable.stateKey()),
        applicable.rule(),
        CheckedMode.valueOf(applicable.mode().name()),
        limit.algorithm().name(),
        limit.requests(),
        limit.periodMillis(),
        limit.burst());
  }

  /** Each state key begins with the identifier, which the record holds once. */
  private static String afterIdentifier(String identifier, String stateKey) {
    if (!stateKey.startsWith(identifier)) {
      throw new IllegalStateException(
          "state key " + stateKey + " does not begin with its identifier " + identifier);
    }
    return stateKey.substring(identifier.length());
  }

  private ApplicableLimit fromRecord(LimitCheck check, CheckedLimit limit) {
    Algorithm<?> algorithm =
        known(
            algorithms,
            limit.getAlgorithm(),
            () -> "request " + check.getRequestId() + " is to be judged");
    return new ApplicableLimit(
        KeyText.of(check.getIdentifier() + limit.getStateKey()),
        limit.getRule(),
        new Limit(algorithm, limit.getRequests(), limit.getPeriodMs(), limit.getBurst()),
        LimitMode.valueOf(limit.getMode().name()));
  }

  /**
   * The algorithm that an internal record names.
   *
   * @param what what it does, for the error
   * @throws IllegalStateException if this instance does not know it
   */
  static Algorithm<?> known(Algorithms algorithms, String name, Supplier<String> what) {
    return algorithms
        .find(name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    what.get()
                        + " by algorithm '"
                        + name
                        + "', which this instance does not know; it knows "
                        + algorithms.names()));
  }
}
