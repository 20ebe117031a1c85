package io.weir.streams.query;

import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import io.weir.limiter.rule.RuleSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Answers what limits apply to a request and how they stand, wherever their state lives.
 *
 * <p>Thread-safe. No thread waits for another instance: the futures do. A question that another
 * instance passed on is answered from here or not at all, so that questions cannot go in circles
 * while two instances disagree on who holds what.
 */
public final class LimitsQuery implements LimitsSource {
  private static final int MAX_ROWS = 1000;

  private final Readiness.Probe readiness;
  private final QuestionRules rules;
  private final KeyLocator locator;
  private final LocalRows rows;
  private final Peers peers;
  private final LimitReporter reporter;
  private final Supplier<HostInfo> self;
  private final InstantSource clock;

  /**
   * A query over the given parts.
   *
   * @param rules the rules in force
   * @param refusal why a request that matched so would be answered INVALID_REQUEST, if it would
   * @param self the address under which other instances know this one; asked for once ready
   * @param clock the wall clock
   */
  public LimitsQuery(
      Readiness.Probe readiness,
      Supplier<RuleSet> rules,
      Function<Match, Optional<String>> refusal,
      KeyLocator locator,
      LocalRows rows,
      Peers peers,
      LimitReporter reporter,
      Supplier<HostInfo> self,
      InstantSource clock) {
    this.readiness = readiness;
    this.rules = new QuestionRules(rules, refusal);
    this.locator = locator;
    this.rows = rows;
    this.peers = peers;
    this.reporter = reporter;
    this.self = self;
    this.clock = clock;
  }

  /**
   * The limits that apply, of all identifiers.
   *
   * @throws ProblemException if the application is not ready, an owner is not known, or the rules
   *     would limit by an attribute that is empty
   */
  @Override
  public CompletableFuture<LimitsAnswer> limits(LimitsQuestion question) {
    readiness.requireReady();
    Match match = rules.match(question);
    List<CompletableFuture<List<LimitReport>>> parts = new ArrayList<>();
    for (IdentifierLimits limits : match.identifiers()) {
      parts.add(limitsOf(question, match, limits));
    }
    return rules.answerOf(question, match, parts);
  }

  /**
   * The limits of one identifier, which must live here.
   *
   * @throws ProblemException if it does not, or the rules in force here do not name it
   */
  @Override
  public CompletableFuture<LimitsAnswer> limitsHere(LimitsQuestion question, String identifier) {
    readiness.requireReady();
    Match match = rules.match(question);
    IdentifierLimits limits =
        match.identifiers().stream()
            .filter(candidate -> candidate.identifier().equals(identifier))
            .findFirst()
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.OWNER_UNAVAILABLE,
                        self() + " has not seen the rules yet that limit " + identifier));
    return CompletableFuture.completedFuture(
        rules.answer(question, match, limitsAt(partitionHere(identifier), match, limits)));
  }

  /**
   * All that is remembered of an identifier.
   *
   * @throws ProblemException if the application is not ready or the owner is not known
   */
  @Override
  public CompletableFuture<RowsAnswer> rows(String identifier) {
    readiness.requireReady();
    Location location = locator.locate(identifier);
    if (location instanceof Location.There there) {
      return peers.rows(there.instance(), identifier);
    }
    return CompletableFuture.completedFuture(rowsAt(partitionOf(location), identifier));
  }

  /**
   * All that is remembered of an identifier, which must live here.
   *
   * @throws ProblemException if it does not
   */
  @Override
  public CompletableFuture<RowsAnswer> rowsHere(String identifier) {
    readiness.requireReady();
    return CompletableFuture.completedFuture(rowsAt(partitionHere(identifier), identifier));
  }

  private CompletableFuture<List<LimitReport>> limitsOf(
      LimitsQuestion question, Match match, IdentifierLimits limits) {
    Location location = locator.locate(limits.identifier());
    if (location instanceof Location.There there) {
      return peers
          .limits(there.instance(), question, limits.identifier())
          .thenApply(LimitsAnswer::limits);
    }
    return CompletableFuture.completedFuture(limitsAt(partitionOf(location), match, limits));
  }

  private List<LimitReport> limitsAt(int partition, Match match, IdentifierLimits limits) {
    return reporter.limits(
        self(),
        limits,
        match.revision(),
        clock.millis(),
        key -> rows.find(partition, key.toString()));
  }

  private RowsAnswer rowsAt(int partition, String identifier) {
    return reporter.rows(
        identifier,
        self(),
        rows.findAll(partition, identifier, MAX_ROWS + 1),
        MAX_ROWS,
        clock.millis());
  }

  private int partitionHere(String identifier) {
    return partitionOf(locator.locate(identifier));
  }

  private static int partitionOf(Location location) {
    if (location instanceof Location.Here here) {
      return here.partition();
    }
    throw new ProblemException(
        ProblemKind.OWNER_UNAVAILABLE,
        location instanceof Location.Unknown unknown
            ? unknown.why()
            : "the state has moved to another instance meanwhile");
  }

  private String self() {
    return HostAndPort.of(self.get());
  }
}
