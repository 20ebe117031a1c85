package io.weir.streams.query;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.redis.StoredRows;
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
    Match match = rules.match(question);
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
