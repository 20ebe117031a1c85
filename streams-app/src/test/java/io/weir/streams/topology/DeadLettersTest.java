package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final int MAX_BYTES = 20_000;

  private final DeadLetters deadLetters = new DeadLetters(MAX_BYTES);

  @Test
  void keepsTheRecordAsItWas() {
    Record<byte[], byte[]> original = record("key", "value").withHeaders(headers("trace", "abc"));
    Record<byte[], byte[]> letter = letter(original);
    assertThat(letter.key()).isEqualTo(bytes("key"));
    assertThat(letter.value()).isEqualTo(bytes("value"));
    assertThat(letter.timestamp()).isEqualTo(original.timestamp());
    assertThat(text(letter, "trace")).isEqualTo("abc");
    assertThat(original.headers().toArray()).hasSize(1);
  }

  @Test
  void saysWhatWasWrongAndWhereItCameFrom() {
    Record<byte[], byte[]> letter = letter(record("key", "value"));
    assertThat(text(letter, "__streams.errors.exception"))
        .isEqualTo("org.apache.kafka.common.errors.SerializationException");
    assertThat(text(letter, "__streams.errors.message")).isEqualTo("not Avro");
    assertThat(text(letter, "__streams.errors.stacktrace"))
        .startsWith("org.apache.kafka.common.errors.SerializationException: not Avro")
        .contains("DeadLettersTest");
    assertThat(text(letter, "__streams.errors.topic")).isEqualTo("weir.requests");
    assertThat(text(letter, "__streams.errors.partition")).isEqualTo("3");
    assertThat(text(letter, "__streams.errors.offset")).isEqualTo("42");
    assertThat(text(letter, "weir.problem")).isEqualTo("undecodable");
  }

  @Test
  void deadLetterThatComesBackHasOneSetOfHeaders() {
    Record<byte[], byte[]> letter = letter(letter(record("key", "value")));
    List<String> names = new ArrayList<>();
    letter.headers().forEach(header -> names.add(header.key()));
    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void recordWithoutKeyOrValueKeepsNone() {
    Record<byte[], byte[]> letter =
        letter(new Record<byte[], byte[]>(null, null, 5, new RecordHeaders()));
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isNull();
  }

  @Test
  void leavesOutWhatWouldMakeTheLetterTooLarge() {
    String large = "x".repeat(MAX_BYTES);
    Record<byte[], byte[]> letter = letter(record("key", large));
    assertThat(letter.key()).isEmpty();
    assertThat(letter.value()).isEmpty();
    assertThat(text(letter, "weir.dropped.bytes")).isEqualTo(String.valueOf(3 + MAX_BYTES));
    assertThat(text(letter, "__streams.errors.offset")).isEqualTo("42");
  }

  @Test
  void isNeverLargerThanAllowed() {
    for (int length = MAX_BYTES - 8_000; length <= MAX_BYTES + 10; length += 7) {
      Record<byte[], byte[]> letter = letter(record("key", "x".repeat(length)));
      int size = letter.key().length + letter.value().length;
      for (Header header : letter.headers()) {
        size += header.key().length() + header.value().length;
      }
      assertThat(size).isLessThan(MAX_BYTES);
    }
  }

  @Test
  void cutsTextsThatCouldBeAnyLength() {
    Record<byte[], byte[]> letter =
        deadLetters.of(
            record("key", "value"),
            source(),
            Problem.UNDECODABLE,
            new SerializationException("y".repeat(100_000)));
    assertThat(text(letter, "__streams.errors.message")).hasSize(1_024);
    assertThat(text(letter, "__streams.errors.stacktrace")).hasSize(4_096);
  }

  @Test
  void exceptionWithoutMessageIsNamed() {
    Record<byte[], byte[]> letter =
        deadLetters.of(
            record("key", "value"), source(), Problem.UNDECODABLE, new IllegalStateException());
    assertThat(text(letter, "__streams.errors.message"))
        .isEqualTo("java.lang.IllegalStateException");
  }

  private Record<byte[], byte[]> letter(Record<byte[], byte[]> original) {
    return deadLetters.of(
        original, source(), Problem.UNDECODABLE, new SerializationException("not Avro"));
  }

  private static Record<byte[], byte[]> record(String key, String value) {
    return new Record<>(bytes(key), bytes(value), 5, new RecordHeaders());
  }

  private static Headers headers(String name, String value) {
    return new RecordHeaders().add(name, bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Record<byte[], byte[]> record, String header) {
    return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
  }

  private static RecordMetadata source() {
    return new RecordMetadata() {
      @Override
      public String topic() {
        return "weir.requests";
      }

      @Override
      public int partition() {
        return 3;
      }

      @Override
      public long offset() {
        return 42;
      }
    };
  }
}
