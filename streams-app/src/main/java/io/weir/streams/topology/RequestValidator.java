package io.weir.streams.topology;

import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds requests that make no sense, first by themselves, then with what matched. Thread-safe. */
public final class RequestValidator {
  private static final int MAX_SHOWN_CHARS = 128;

  private final Duration futureTolerance;

  RequestValidator(Duration futureTolerance) {
    this.futureTolerance = futureTolerance;
  }

  /**
   * Checks a request by itself.
   *
   * @param rejectedTimestampMillis the record's timestamp, where it was not accepted
   * @throws InvalidRecordException if it makes no sense
   */
  void validate(RequestEvent event, OptionalLong rejectedTimestampMillis)
      throws InvalidRecordException {
    validateLength(
        Problem.REQUEST_ID, "request_id", event.getRequestId(), RequestBounds.MAX_REQUEST_ID_CHARS);
    validateLength(Problem.DOMAIN, "domain", event.getDomain(), DomainRules.MAX_DOMAIN_CHARS);
    if (event.getCost() < 0) {
      throw new InvalidRecordException(
          Problem.COST, "cost is " + event.getCost() + "; it must be 0 or more");
    }
    validateOperation(event);
    if (rejectedTimestampMillis.isPresent()) {
      throw timestampProblem(rejectedTimestampMillis.getAsLong());
    }
    validateAttributes(event.getAttributes());
  }

  /** Why a request makes no sense by itself, whenever it comes; empty where it makes some. */
  public static Optional<String> mistake(RequestEvent event) {
    try {
      new RequestValidator(Duration.ZERO).validate(event, OptionalLong.empty());
      return Optional.empty();
    } catch (InvalidRecordException e) {
      return Optional.of(e.sentence());
    }
  }

  /** Why a request that matched so is answered INVALID_REQUEST; empty where it is judged. */
  public static Optional<String> refusal(Match match) {
    try {
      validate(match);
      return Optional.empty();
    } catch (InvalidRecordException e) {
      return Optional.of(e.sentence());
    }
  }

  /**
   * Checks what matched.
   *
   * @throws InvalidRecordException if this version cannot judge it
   */
  static void validate(Match match) throws InvalidRecordException {
    for (Match.IdentifierLimits identifier : match.identifiers()) {
      validateIdentifier(identifier.identifierText());
    }
    validateLimits(match);
  }

  private static void validateLength(Problem problem, String name, String text, int maxChars)
      throws InvalidRecordException {
    if (text.isEmpty()) {
      throw new InvalidRecordException(
          problem, name + " is empty; give 1 to " + maxChars + " characters");
    }
    if (text.length() > maxChars) {
      throw new InvalidRecordException(
          problem, name + " has " + text.length() + " characters; give 1 to " + maxChars);
    }
  }

  private static void validateOperation(RequestEvent event) throws InvalidRecordException {
    if (event.getOperation() == Operation.UNKNOWN) {
      throw new InvalidRecordException(
          Problem.OPERATION,
          "the operation is one that this version does not know; use CHECK, PEEK, REFUND or RESET");
    }
    if (event.getOperation() != Operation.REFUND) {
      return;
    }
    if (event.getCost() == 0) {
      throw new InvalidRecordException(
          Problem.COST, "cost is 0; a REFUND needs the number of tokens that come back");
    }
    Instant chargedAt = event.getChargedAt();
    if (chargedAt == null) {
      throw new InvalidRecordException(
          Problem.OPERATION,
          "a REFUND needs charged_at, the evaluation_time of the decision that is refunded");
    }
    if (chargedAt.toEpochMilli() < 0) {
      throw new InvalidRecordException(
          Problem.OPERATION,
          "charged_at is " + chargedAt.toEpochMilli() + "; it must be 0 or more");
    }
  }

  private static void validateAttributes(Map<String, String> attributes)
      throws InvalidRecordException {
    if (attributes.size() > RequestBounds.MAX_ATTRIBUTES) {
      throw new InvalidRecordException(
          Problem.ATTRIBUTES,
          "there are "
              + attributes.size()
              + " attributes; send at most "
              + RequestBounds.MAX_ATTRIBUTES);
    }
    long chars = 0;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      chars += attribute.getKey().length() + attribute.getValue().length();
    }
    if (chars > RequestBounds.MAX_ATTRIBUTES_CHARS) {
      throw new InvalidRecordException(
          Problem.ATTRIBUTES,
          "the attributes have "
              + chars
              + " characters; send at most "
              + RequestBounds.MAX_ATTRIBUTES_CHARS);
    }
  }

  private static void validateIdentifier(KeyText identifier) throws InvalidRecordException {
    int bytes = identifier.length();
    if (bytes > RequestBounds.MAX_IDENTIFIER_BYTES) {
      throw new InvalidRecordException(
          Problem.IDENTIFIER,
          "identifier "
              + shown(identifier.toString())
              + "... has "
              + bytes
              + " bytes; it may have "
              + RequestBounds.MAX_IDENTIFIER_BYTES);
    }
  }

  private static void validateLimits(Match match) throws InvalidRecordException {
    int limits = 0;
    long stateKeysChars = 0;
    long ruleNamesChars = 0;
    for (Match.IdentifierLimits identifier : match.identifiers()) {
      for (ApplicableLimit limit : identifier.limits()) {
        limits++;
        stateKeysChars += limit.key().length();
        ruleNamesChars += limit.rule().length();
      }
    }
    if (limits > RequestBounds.MAX_LIMITS) {
      throw new InvalidRecordException(
          Problem.LIMITS, limits + " limits apply; at most " + RequestBounds.MAX_LIMITS + " may");
    }
    if (stateKeysChars > RequestBounds.MAX_STATE_KEYS_CHARS) {
      throw new InvalidRecordException(
          Problem.LIMITS,
          "the state keys of the limits that apply have "
              + stateKeysChars
              + " characters; they may have "
              + RequestBounds.MAX_STATE_KEYS_CHARS);
    }
    if (ruleNamesChars > RequestBounds.MAX_RULE_NAMES_CHARS) {
      throw new InvalidRecordException(
          Problem.LIMITS,
          "the names of the rules that apply have "
              + ruleNamesChars
              + " characters; they may have "
              + RequestBounds.MAX_RULE_NAMES_CHARS
              + ", so give those that go by a long path a name");
    }
  }

  private InvalidRecordException timestampProblem(long timestampMillis) {
    String given = "the record's timestamp is " + timestampMillis;
    return new InvalidRecordException(
        Problem.TIMESTAMP,
        timestampMillis < 0
            ? given + "; it must be 0 or more"
            : given
                + " ("
                + Instant.ofEpochMilli(timestampMillis)
                + "), more than "
                + futureTolerance.toMillis()
                + " ms ahead of the clock; correct the sender's clock, or let the broker set"
                + " timestamps");
  }

  private static String shown(String identifier) {
    return RequestBounds.cut(identifier, MAX_SHOWN_CHARS);
  }
}
