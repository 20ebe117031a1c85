package io.weir.streams.query;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.redis.StoredRows;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Answers what limits apply to a request and how they stand, by the rows and the clock of Redis.
 * Thread-safe. Nothing is taken.
 *
 * @param readiness whether there are rules
 * @param rules the rules in force
 * @param inspect reads the rows of an identifier
 * @param reporter says how they stand
 * @param answering goes on with what was read
 */
public record RedisLimits(
    Readiness.Probe readiness,
    QuestionRules rules,
    Function<String, CompletionStage<StoredRows>> inspect,
    LimitReporter reporter,
    Executor answering)
    implements LimitsSource {
  /** Where the state is, for who asks. */
  private static final String INSTANCE = "redis";

  private static final int MAX_ROWS = 1000;

  @Override
  public CompletableFuture<LimitsAnswer> limits(LimitsQuestion question) {
    readiness.requireReady();
    Match match = match(question);
    List<CompletableFuture<List<LimitReport>>> parts = new ArrayList<>();
    for (IdentifierLimits limits : match.identifiers()) {
      parts.add(
          read(limits.identifier())
              .thenApply(
                  found ->
                      reporter.limits(
                          INSTANCE,
                          limits,
                          match.revision(),
                          found.timeMillis(),
                          key -> row(found.rows(), key.toString()))));
    }
    return rules.answerOf(question, match, parts);
  }

  private Match match(LimitsQuestion question) {
    try {
      return rules.match(question);
    } catch (ProblemException e) {
      throw new ProblemException(e.kind(), e.getMessage() + whereEmptyOnesAre(question), e);
    }
  }

  /** The gateway judges Envoy's requests under empty values, and no others. */
  private String whereEmptyOnesAre(LimitsQuestion question) {
    String places =
        rules.rules().get().find(question.domain()).stream()
            .flatMap(inForce -> inForce.descriptors().stream())
            .map(Descriptor::key)
            .distinct()
            .filter(key -> "".equals(question.attributes().get(key)))
            .map(key -> "/v1/identifiers/" + Identifiers.encode(question.domain(), key, ""))
            .collect(Collectors.joining(", "));
    return places.isEmpty() ? "" : "; what requests of Envoy's without one share is at " + places;
  }

  @Override
  public CompletableFuture<RowsAnswer> rows(String identifier) {
    readiness.requireReady();
    return read(identifier)
        .thenApply(
            found ->
                reporter.rows(identifier, INSTANCE, found.rows(), MAX_ROWS, found.timeMillis()));
  }

  private CompletableFuture<StoredRows> read(String identifier) {
    return inspect
        .apply(identifier)
        .handleAsync(
            (found, failure) -> {
              if (failure != null) {
                throw StateFailures.ofReading(failure);
              }
              return found;
            },
            answering)
        .toCompletableFuture();
  }

  private static Optional<StoredLimit> row(SortedMap<String, StoredLimit> rows, String key) {
    return Optional.ofNullable(rows.get(key));
  }
}
