package io.weir.streams.cli.traffic;

import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.CommandFailure;

/** What a request does that takes no tokens, and what its decision says of it. */
enum Correction {
  /** Tokens come back. */
  REFUND(Operation.REFUND, Reason.REFUNDED, "refund", "given back"),

  /** Identifiers are forgotten. */
  RESET(Operation.RESET, Reason.RESET, "reset", "reset");

  private final Operation operation;
  private final Reason done;
  private final String noun;
  private final String participle;

  Correction(Operation operation, Reason done, String noun, String participle) {
    this.operation = operation;
    this.done = done;
    this.noun = noun;
    this.participle = participle;
  }

  Operation operation() {
    return operation;
  }

  /** What it is called. */
  String noun() {
    return noun;
  }

  /**
   * Whether a decision answers such a request: a request_id need not be unique, and nothing forbids
   * that of the request that took the tokens.
   */
  boolean isAnswered(RequestEvent request, Decision decision) {
    return request.getRequestId().equals(decision.getRequestId())
        && request.getDomain().equals(decision.getDomain())
        && switch (decision.getReason()) {
          case WITHIN_LIMIT,
              OVER_LIMIT,
              NEVER_FITS,
              SHADOW_OVER_LIMIT,
              QUOTA_OVER_LIMIT,
              EXPIRED,
              BACKEND_FAILED ->
              false;
          case REFUNDED, RESET -> decision.getReason() == done;
          case NO_RULE, UNLIMITED, INVALID_REQUEST, TIMEOUT, UNKNOWN -> true;
        };
  }

  /**
   * Returns if the answer says that it was done.
   *
   * @throws CommandFailure if not; it says what became of it
   */
  void requireDone(Decision answer) {
    if (answer.getReason() == done) {
      return;
    }
    throw switch (answer.getReason()) {
      case NO_RULE ->
          new CommandFailure(
              // A reset reaches rules without a limit, too: those below them may have one.
              (this == RESET ? "no rule" : "no rule with a limit")
                  + " matches these attributes in the domain "
                  + answer.getDomain()
                  + "; nothing was "
                  + participle,
              "./weir rules list shows the rules in force");
      case UNLIMITED ->
          new CommandFailure(
              "the rules that match have no limit; nothing was taken, and nothing " + participle);
      case INVALID_REQUEST ->
          new CommandFailure("the " + noun + " was refused: " + answer.getMessage());
      case TIMEOUT ->
          new CommandFailure(
              "not all identifiers of the "
                  + noun
                  + " answered within join.timeout; it is carried out late where they did not",
              "./weir query shows how the limits stand; /health/ready of each instance, how it is");
      default ->
          new CommandFailure(
              "the answer to the " + noun + " is one that this version does not know",
              "an application that is newer than this command made it; --json prints all of it");
    };
  }

  /** What nobody answered. */
  CommandFailure unanswered(String requestId, String topic, String time) {
    return new CommandFailure(
        "no answer to request " + requestId + " came on " + topic + " within " + time,
        "is an instance running? When one comes to the request it is carried out; ./weir watch"
            + " --from-beginning --request-id "
            + requestId
            + " shows the answer then");
  }

  /** That the answer is one that was given before. */
  String repeated(Decision answer) {
    return "request "
        + answer.getRequestId()
        + " was answered before; this is that answer, and nothing more was "
        + participle;
  }
}
