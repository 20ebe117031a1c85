package io.weir.streams.cli.run;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.weir.streams.app.FailureClassifier;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * Leaves out lines of Kafka's clients that tell an operator nothing: those that are said again and
 * again, each second and by each client; those that are not true of Weir; and the stack traces of
 * threads that an outage ended, where Weir tells of it in a sentence (see {@code
 * ThreadFailureHandler}). Everything else passes. Thread-safe.
 */
final class KafkaLines extends TurboFilter {
  private static final Duration BETWEEN_REPETITIONS = Duration.ofMinutes(1);
  private static final String KAFKA = "org.apache.kafka.";
  private static final String HTTP_SERVER = "org.eclipse.jetty.";
  private static final String STREAMS = KAFKA + "streams.";
  private static final String WEIR = "io.weir";

  /** What Kafka Streams says on the way of a thread's death; other lines with an outage stand. */
  private static final Pattern DEATH =
      Pattern.compile(
          "Failed to (process|punctuate) stream task"
              + "|Error encountered sending record to topic"
              + "|Error happened (during initialization of the|while maintaining) global state store"
              + "|Updating global state failed"
              + "|Encountered the following exception during processing"
              + "|Replacing thread in the streams uncaught exception handler"
              + "|The global thread cannot be replaced");

  /** Warnings that are known; what a group takes tells two of the kind apart. */
  private static final List<Known> KNOWN =
      List.of(
          // Each client says so each second, for as long as the broker is away.
          Known.repeated("Connection to node \\S+ \\((\\S+)\\) could not be established"),
          Known.repeated("Bootstrap broker (\\S+) .*disconnected"),
          // The internal topics are being made; other topics were looked at before the start.
          Known.repeated("The metadata response from the cluster reported a recoverable .* : (.*)"),
          // One line for each partition at each rebalance; docs/operations.md says what to do.
          Known.repeated("Unable to assign \\d+ of \\d+ standby tasks()"),
          // Said of configurations that Kafka Streams makes for itself; Weir enables it.
          Known.untrue("Processing exception handler is not enabled for the GlobalThread"),
          // The reader of the rules has read them and lets go of their partition for a moment.
          Known.untrue("Not updating last stable offset for partition"));

  private final FailureClassifier failures;
  private final BooleanSupplier silent;
  private final LongSupplier nanoTime;
  private final Map<String, Long> saidNanos = new HashMap<>();

  /**
   * A filter.
   *
   * @param failures tells outages
   * @param silent whether whatever Kafka or the HTTP server says is left out, because it is all
   *     thrown away
   */
  KafkaLines(FailureClassifier failures, BooleanSupplier silent, LongSupplier nanoTime) {
    this.failures = failures;
    this.silent = silent;
    this.nanoTime = nanoTime;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    boolean kafka = logger.getName().startsWith(KAFKA);
    boolean known = kafka || logger.getName().startsWith(HTTP_SERVER);
    if (format == null || !known || level.toInt() < Level.WARN_INT) {
      return FilterReply.NEUTRAL;
    }
    if (silent.getAsBoolean()) {
      return FilterReply.DENY;
    }
    if (!kafka) {
      return FilterReply.NEUTRAL;
    }
    String message = MessageFormatter.arrayFormat(format, parameters).getMessage();
    return isTold(logger, message, thrown) || isKnown(message)
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }

  /** Whether Weir says it too, in a warning, which its own level may leave out. */
  private boolean isTold(Logger logger, String message, @Nullable Throwable thrown) {
    return thrown != null
        && logger.getName().startsWith(STREAMS)
        && DEATH.matcher(message).find()
        && failures.isOutage(thrown)
        && logger.getLoggerContext().getLogger(WEIR).isWarnEnabled();
  }

  private boolean isKnown(String message) {
    for (Known known : KNOWN) {
      Matcher matcher = known.pattern().matcher(message);
      if (matcher.find()) {
        return known.untrue() || wasJustSaid(known.pattern() + matcher.group(1));
      }
    }
    return false;
  }

  private synchronized boolean wasJustSaid(String what) {
    long now = nanoTime.getAsLong();
    saidNanos.values().removeIf(said -> now - said >= BETWEEN_REPETITIONS.toNanos());
    return saidNanos.putIfAbsent(what, now) != null;
  }

  /**
   * A warning.
   *
   * @param pattern finds its text, with a group unless it is untrue
   * @param untrue whether it is never worth a line, rather than one a minute
   */
  private record Known(Pattern pattern, boolean untrue) {
    static Known repeated(String pattern) {
      return new Known(Pattern.compile(pattern), false);
    }

    static Known untrue(String pattern) {
      return new Known(Pattern.compile(pattern), true);
    }
  }
}
