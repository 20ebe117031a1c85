package io.weir.streams.query;

import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the rules in force say to questions about limits. Thread-safe.
 *
 * @param rules the rules in force
 * @param refusal why a request that matched so would be answered INVALID_REQUEST, if it would
 */
public record QuestionRules(Supplier<RuleSet> rules, Function<Match, Optional<String>> refusal) {

  /**
   * The limits that apply.
   *
   * @throws ProblemException if the rules would limit by an attribute that is empty
   */
  public Match match(LimitsQuestion question) {
    try {
      return rules.get().match(question.domain(), question.attributes());
    } catch (IdentifierException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  /** The answer when all parts of it are there. */
  CompletableFuture<LimitsAnswer> answerOf(
      LimitsQuestion question, Match match, List<CompletableFuture<List<LimitReport>>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                answer(
                    question,
                    match,
                    parts.stream().flatMap(part -> part.join().stream()).toList()));
  }

  /** The answer, with what the caller may have meant otherwise. */
  public LimitsAnswer answer(LimitsQuestion question, Match match, List<LimitReport> limits) {
    return new LimitsAnswer(
        question.domain(), match.revision(), match.matched(), warnings(question, match), limits);
  }

  private List<String> warnings(LimitsQuestion question, Match match) {
    RuleSet inForce = rules.get();
    if (inForce.find(question.domain()).isEmpty()) {
      return List.of(Domains.none(inForce, question.domain()));
    }
    return refusal
        .apply(match)
        .map(why -> "a request with these attributes is answered INVALID_REQUEST: " + why)
        .stream()
        .toList();
  }
}
