package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.Problems.Phase;
import io.weir.limiter.words.Suggestion;
import java.util.Optional;
import java.util.Set;

/** Makes one limit of what somebody wrote, and checks it. See {@link RulesAssembler}. */
final class LimitAssembler {
  private static final String DEFAULT_ALGORITHM = "fixed_window";

  private final Algorithms algorithms;
  private final Problems problems;

  LimitAssembler(Algorithms algorithms, Problems problems) {
    this.algorithms = algorithms;
    this.problems = problems;
  }

  /**
   * The limit, or nothing where there is a problem with its numbers.
   *
   * @param path where the limit stands in the tree
   * @param siblings names of all limits of the same descriptor, its own included
   */
  Optional<RuleLimit> assemble(RuleLimitBuilder limit, String path, Set<String> siblings) {
    if (limit.unreadable.contains("unlimited")) {
      return Optional.empty();
    }
    Optional<RuleLimit> assembled = limit.unlimited ? unlimited(limit, path) : limited(limit, path);
    checkReplaces(limit, path, siblings);
    return assembled;
  }

  private Optional<RuleLimit> unlimited(RuleLimitBuilder limit, String path) {
    if (!limit.unreadable.isEmpty()) {
      return Optional.empty();
    }
    if (RateUnit.find(limit.unit).isPresent()) {
      return problem(limit, "unit", path, "should not specify rate limit unit when unlimited");
    }
    String number = "";
    if (limit.algorithm != null || !limit.algorithmName.isEmpty()) {
      number = "algorithm";
    } else if (limit.burst.isPresent()) {
      number = "burst";
    } else if (limit.multiplier.isPresent()) {
      number = "unit_multiplier";
    } else if (!limit.onError.isEmpty()) {
      number = "on_error";
    }
    return number.isEmpty()
        ? Optional.of(new RuleLimit.Unlimited(name(limit), limit.replaces))
        : problem(limit, number, path, "should not specify " + number + " when unlimited");
  }

  /** Looks at everything that can be read, so that each mistake is reported at once. */
  private Optional<RuleLimit> limited(RuleLimitBuilder limit, String path) {
    Optional<RateUnit> unit = unit(limit, path);
    Optional<Algorithm<?>> algorithm = algorithm(limit, path);
    Optional<OnError> onError = onError(limit, path);
    if (unit.isEmpty() || algorithm.isEmpty() || !limit.unreadable.isEmpty()) {
      return Optional.empty();
    }
    return numbers(limit, path, algorithm.get(), unit.get())
        .map(
            checked ->
                new RuleLimit.Limited(name(limit), checked, unit.get(), limit.replaces, onError));
  }

  private Optional<RateUnit> unit(RuleLimitBuilder limit, String path) {
    return RateUnit.find(limit.unit)
        .or(
            () ->
                problem(
                    limit,
                    "unit",
                    path,
                    "invalid rate limit unit '" + limit.unit + "'; it must be " + RateUnit.NAMES));
  }

  private Optional<Algorithm<?>> algorithm(RuleLimitBuilder limit, String path) {
    if (limit.algorithm != null) {
      try {
        algorithms.requireUsable(limit.algorithm);
        return Optional.of(limit.algorithm);
      } catch (IllegalArgumentException e) {
        return problem(limit, "algorithm", path, String.valueOf(e.getMessage()));
      }
    }
    return algorithms
        .find(limit.algorithmName.isEmpty() ? DEFAULT_ALGORITHM : limit.algorithmName)
        .or(
            () ->
                problem(
                    limit,
                    "algorithm",
                    path,
                    "unknown algorithm '"
                        + limit.algorithmName
                        + "'; known are "
                        + String.join(", ", algorithms.names())
                        + Suggestion.didYouMean(limit.algorithmName, algorithms.names())));
  }

  private Optional<OnError> onError(RuleLimitBuilder limit, String path) {
    return limit.onError.isEmpty()
        ? Optional.empty()
        : OnError.find(limit.onError)
            .or(
                () ->
                    problem(
                        limit,
                        "on_error",
                        path,
                        "on_error is '" + limit.onError + "'; it must be allow, deny or local"));
  }

  private Optional<Limit> numbers(
      RuleLimitBuilder limit, String path, Algorithm<?> algorithm, RateUnit unit) {
    long requests = limit.requests.orElse(0);
    if (requests < 0) {
      return problem(
          limit,
          "requests_per_unit",
          path,
          "requests_per_unit is " + requests + "; it must be 0 or more");
    }
    long multiplier = limit.multiplier.orElse(1);
    long most = Limit.MAX_PERIOD_MILLIS / unit.millis();
    if (multiplier < 1 || multiplier > most) {
      return problem(
          limit,
          "unit_multiplier",
          path,
          "unit_multiplier is "
              + multiplier
              + "; for the unit "
              + unit.yamlName()
              + " it must be from 1 to "
              + most
              + (multiplier == 0 ? ": a period of zero length holds no request" : ""));
    }
    if (limit.burst.isPresent() && !algorithm.supportsBurst()) {
      return problem(
          limit,
          "burst",
          path,
          "burst has no meaning for "
              + algorithm.name()
              + "; leave it out, or choose token_bucket or leaky_bucket");
    }
    try {
      return Optional.of(
          new Limit(algorithm, requests, multiplier * unit.millis(), limit.burst.orElse(requests)));
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      return limit.burst.isPresent()
          ? problem(limit, "burst", path, why)
          : problem(
              limit, "requests_per_unit", path, "requests_per_unit is " + requests + ": " + why);
    }
  }

  private void checkReplaces(RuleLimitBuilder limit, String path, Set<String> siblings) {
    for (String replaced : limit.replaces) {
      if (replaced.isEmpty()) {
        problem(limit, "replaces", path, "should not have an empty replaces entry");
      } else if (siblings.contains(replaced)) {
        problem(
            limit,
            "replaces",
            path,
            "replaces should not contain name of same descriptor: '" + replaced + "'");
      }
    }
  }

  private static Optional<String> name(RuleLimitBuilder limit) {
    return limit.name.isEmpty() ? Optional.empty() : Optional.of(limit.name);
  }

  /** Reports a mistake, unless it only follows from a value that could not be read. */
  private <T> Optional<T> problem(RuleLimitBuilder limit, String field, String path, String what) {
    if (!limit.unreadable.contains(field)) {
      problems.add(Phase.RULES, limit.place.of(field, path), what);
    }
    return Optional.empty();
  }
}
