package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.streams.serde.AvroOutput;
import io.weir.streams.serde.ValueWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes decisions as Decision.avsc has them, field by field. There is one for each request, and
 * Avro's own writer, which goes by the schema, took as long as judging it and more. A test holds
 * both to the same bytes. Thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // The ordinal of a schema's constant is what Avro writes.
final class DecisionWriter implements ValueWriter<DecidedRequest> {
  private static final int NULL = 0;
  private static final int VALUE = 1;

  /** Places in the schema by the ordinals of the library's constants. */
  private static final int[] REASONS =
      places(Reason.values(), reason -> io.weir.schemas.Reason.valueOf(reason.name()));

  private static final int[] VERDICTS =
      places(Verdict.values(), verdict -> io.weir.schemas.Verdict.valueOf(verdict.name()));
  private static final int[] MODES =
      places(LimitMode.values(), mode -> io.weir.schemas.LimitMode.valueOf(mode.name()));

  @Override
  public void write(DecidedRequest decided, AvroOutput out) {
    Decision decision = decided.decision();
    out.writeString(decided.requestId());
    out.writeString(decided.domain());
    writeKey(decision.identifierText(), out);
    out.writeIndex(VERDICTS[decision.verdict().ordinal()]);
    out.writeIndex(REASONS[decision.reason().ordinal()]);
    writeString(decision.message(), out);
    writeLong(decision.retryAfterMillis(), out);
    out.writeLong(decision.delayMillis());
    writeStatuses(decision.statuses(), out);
    out.writeLong(decision.rulesRevision());
    out.writeBoolean(decided.duplicate());
    out.writeLong(decision.timestampMillis());
    out.writeLong(decision.nowMillis());
    out.writeBoolean(decision.degraded());
  }

  /** As one block, which ends with an empty one. */
  private static void writeStatuses(List<LimitStatus> statuses, AvroOutput out) {
    if (!statuses.isEmpty()) {
      out.writeLong(statuses.size());
      for (int i = 0; i < statuses.size(); i++) {
        writeStatus(statuses.get(i), out);
      }
    }
    out.writeLong(0);
  }

  private static void writeStatus(LimitStatus status, AvroOutput out) {
    out.writeString(status.rule());
    out.writeBytes(status.key().bytes());
    out.writeString(status.limit().algorithm().name());
    out.writeIndex(MODES[status.mode().ordinal()]);
    out.writeIndex(VERDICTS[status.verdict().ordinal()]);
    out.writeLong(status.limit().requests());
    out.writeLong(status.limit().periodMillis());
    out.writeLong(status.limit().burst());
    out.writeLong(status.remaining());
    out.writeLong(status.resetAtMillis());
    writeLong(status.retryAfterMillis(), out);
    out.writeLong(status.delayMillis());
  }

  /** In Avro a string is the bytes of its UTF-8 form. */
  private static void writeKey(Optional<KeyText> key, AvroOutput out) {
    out.writeIndex(key.isPresent() ? VALUE : NULL);
    if (key.isPresent()) {
      out.writeBytes(key.get().bytes());
    }
  }

  private static void writeString(Optional<String> text, AvroOutput out) {
    out.writeIndex(text.isPresent() ? VALUE : NULL);
    if (text.isPresent()) {
      out.writeString(text.get());
    }
  }

  private static void writeLong(OptionalLong number, AvroOutput out) {
    out.writeIndex(number.isPresent() ? VALUE : NULL);
    if (number.isPresent()) {
      out.writeLong(number.getAsLong());
    }
  }

  private static <E extends Enum<E>> int[] places(
      E[] constants, Function<E, ? extends Enum<?>> inSchema) {
    return Stream.of(constants).map(inSchema).mapToInt(Enum::ordinal).toArray();
  }
}
