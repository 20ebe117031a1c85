package io.weir.streams.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Says what did not happen in time. Kafka's clients have one exception for brokers that are not
 * there and for brokers that answer but cannot do what is asked; only its text and its cause
 * differ.
 */
final class KafkaTimeouts {
  static final String WHETHER_IT_RUNS =
      "is it running and not overloaded, and is bootstrap.servers right? --bootstrap-server sets it";
  private static final String WHETHER_ALL_RUN =
      "are all brokers running? ./weir topics check asks them";
  private static final String WHETHER_IN_SYNC =
      "are enough brokers running for min.insync.replicas of the topic?";

  private static final Pattern WITHOUT_LEADER =
      Pattern.compile("(?:Topic|Partition \\d+ of topic) (\\S+) .*not present in metadata.*");
  private static final Pattern UNCONFIRMED =
      Pattern.compile("Expiring \\d+ record\\(s\\) for (\\S+)-(\\d+):.*", Pattern.DOTALL);

  private KafkaTimeouts() {}

  /** Nothing is known to have answered. */
  static final class NoAnswer extends CommandFailure {
    private static final long serialVersionUID = 1L;

    private NoAnswer(String where, Throwable cause) {
      super("Kafka does not answer" + where, WHETHER_IT_RUNS, cause);
    }

    /** The same, with the brokers that were asked: Kafka's clients do not say it. */
    CommandFailure of(String brokers) {
      return new NoAnswer(" at " + brokers, this);
    }
  }

  /**
   * The failure that it comes to.
   *
   * @param intent what was tried, such as {@code creating weir.rules}
   */
  static CommandFailure explain(TimeoutException timeout, String intent) {
    Optional<String> answer = answer(timeout);
    String text = String.valueOf(timeout.getMessage());
    Matcher withoutLeader = WITHOUT_LEADER.matcher(text);
    if (withoutLeader.matches()) {
      return new CommandFailure(
          "Kafka named no leader of the topic " + withoutLeader.group(1) + " in time",
          WHETHER_ALL_RUN + answer.map(it -> "; Kafka says: " + it).orElse(""),
          timeout);
    }
    Matcher unconfirmed = UNCONFIRMED.matcher(text);
    if (unconfirmed.matches()) {
      return new CommandFailure(
          "Kafka did not confirm in time what was sent to partition "
              + unconfirmed.group(2)
              + " of "
              + unconfirmed.group(1),
          WHETHER_IN_SYNC,
          timeout);
    }
    if (timeout instanceof BufferExhaustedException) {
      return new CommandFailure(
          "Kafka did not confirm in time what was sent before, and there is no room for more",
          WHETHER_IN_SYNC,
          timeout);
    }
    return answer
        .map(
            it ->
                new CommandFailure(
                    "Kafka did not manage " + intent + " in time: " + it, WHETHER_ALL_RUN, timeout))
        .orElseGet(() -> new NoAnswer("", timeout));
  }

  /** What a broker said to the last attempt, if one said anything. */
  private static Optional<String> answer(TimeoutException timeout) {
    @Nullable Throwable cause = timeout.getCause();
    boolean answered =
        cause instanceof ApiException
            && !(cause instanceof TimeoutException)
            && !(cause instanceof DisconnectException)
            && !(cause instanceof NetworkException);
    return answered ? Optional.ofNullable(cause).map(Throwable::getMessage) : Optional.empty();
  }
}
