package io.weir.streams.topology;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Makes dead letters: the record as it was, with headers that say what was wrong and where it came
 * from. Thread-safe.
 *
 * <p>The headers {@code __streams.errors.*} are those that Kafka Streams' own handlers write, so
 * that tools find them; {@code weir.problem} is the kind of problem in one word. A dead letter must
 * never be refused by the broker, or one bad record would stop its partition: so texts are cut, and
 * where a record with its new headers would be too large its key, value and own headers are left
 * out, and {@code weir.dropped.bytes} tells how much; topic, partition and offset tell where it is.
 */
public final class DeadLetters {
  /** Header: the class of the exception. */
  public static final String EXCEPTION_HEADER = "__streams.errors.exception";

  /** Header: what was wrong, in a sentence. */
  public static final String MESSAGE_HEADER = "__streams.errors.message";

  /** Header: the stack trace of the exception, cut at 4,096 characters. */
  public static final String STACKTRACE_HEADER = "__streams.errors.stacktrace";

  /** Header: the topic the record came from. */
  public static final String TOPIC_HEADER = "__streams.errors.topic";

  /** Header: the partition the record came from. */
  public static final String PARTITION_HEADER = "__streams.errors.partition";

  /** Header: the record's offset there. */
  public static final String OFFSET_HEADER = "__streams.errors.offset";

  /** Header: the kind of problem, see {@link Problem#label()}. */
  public static final String PROBLEM_HEADER = "weir.problem";

  /** Header: the bytes of key, value and headers that were left out, where they were. */
  public static final String DROPPED_BYTES_HEADER = "weir.dropped.bytes";

  private static final List<String> OWN_HEADERS =
      List.of(
          EXCEPTION_HEADER,
          MESSAGE_HEADER,
          STACKTRACE_HEADER,
          TOPIC_HEADER,
          PARTITION_HEADER,
          OFFSET_HEADER,
          PROBLEM_HEADER,
          DROPPED_BYTES_HEADER);

  private static final int MAX_MESSAGE_CHARS = 1_024;
  private static final int MAX_STACKTRACE_CHARS = 4_096;

  /** Offset, timestamp and lengths of a record, and the batch around it, at most. */
  private static final int RECORD_OVERHEAD_BYTES = 128;

  /** The two lengths of a header, at most. */
  private static final int HEADER_OVERHEAD_BYTES = 10;

  private final int maxBytes;

  /** Dead letters of at most so many bytes. */
  public DeadLetters(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The dead letter of a record.
   *
   * @param original the record as it was read
   * @param source where it was read
   */
  public Record<byte[], byte[]> of(
      Record<byte[], byte[]> original, RecordMetadata source, Problem problem, Exception cause) {
    Headers headers = new RecordHeaders(original.headers().toArray());
    OWN_HEADERS.forEach(headers::remove);
    int originalBytes = size(original.key()) + size(original.value()) + size(headers);
    Headers own = ownHeaders(source, problem, cause);
    if (RECORD_OVERHEAD_BYTES + originalBytes + size(own) <= maxBytes) {
      own.forEach(headers::add);
      return original.withHeaders(headers);
    }
    add(own, DROPPED_BYTES_HEADER, Integer.toString(originalBytes));
    return new Record<>(new byte[0], new byte[0], original.timestamp(), own);
  }

  private static Headers ownHeaders(RecordMetadata source, Problem problem, Exception cause) {
    Headers headers = new RecordHeaders();
    add(headers, EXCEPTION_HEADER, cause.getClass().getName());
    add(headers, MESSAGE_HEADER, cut(message(cause), MAX_MESSAGE_CHARS));
    add(headers, STACKTRACE_HEADER, cut(stackTrace(cause), MAX_STACKTRACE_CHARS));
    add(headers, TOPIC_HEADER, source.topic());
    add(headers, PARTITION_HEADER, Integer.toString(source.partition()));
    add(headers, OFFSET_HEADER, Long.toString(source.offset()));
    add(headers, PROBLEM_HEADER, problem.label());
    return headers;
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String message(Exception cause) {
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }

  private static String stackTrace(Exception cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private static String cut(String text, int maxChars) {
    return text.length() <= maxChars ? text : text.substring(0, maxChars);
  }

  private static int size(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static int size(Headers headers) {
    int bytes = 0;
    for (Header header : headers) {
      // A char is at most three bytes of UTF-8.
      bytes += HEADER_OVERHEAD_BYTES + 3 * header.key().length() + size(header.value());
    }
    return bytes;
  }
}
