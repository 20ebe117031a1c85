package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.limiter.rule.KeyText;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyedInputTest {
  private static final int PARTITIONS = 12;

  private final KeyedInput input = new KeyedInput(PARTITIONS);

  @Test
  void acceptsWhatKafkasDefaultPartitionerPlaced() throws InvalidRecordException {
    for (int user = 0; user < 1_000; user++) {
      String identifier = "api/user_id=" + user;
      byte[] key = bytes(identifier);
      input.validate(
          KeyText.of(identifier), key, BuiltInPartitioner.partitionForKey(key, PARTITIONS));
    }
  }

  @Test
  void refusesEveryOtherPartition() {
    byte[] key = bytes("api/user_id=42");
    int home = BuiltInPartitioner.partitionForKey(key, PARTITIONS);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      if (partition != home) {
        InvalidRecordException thrown = refusal("api/user_id=42", key, partition);
        assertThat(thrown.problem()).isEqualTo(Problem.PARTITION);
        assertThat(thrown)
            .hasMessageStartingWith(
                "the record is on partition "
                    + partition
                    + "; identifier 'api/user_id=42' belongs to partition "
                    + home
                    + " of 12");
      }
    }
  }

  @Test
  void refusesAnotherKeyAndNone() {
    assertThat(refusal("api/user_id=42", bytes("42"), 0))
        .hasMessage(
            "the record's key is '42'; as the input is keyed by identifier it must be"
                + " 'api/user_id=42'");
    assertThat(refusal("api/user_id=42", null, 0))
        .hasMessageStartingWith("the record's key is missing;");
  }

  @Test
  void refusesAKeyThatDiffersInOneByte() {
    byte[] longer = bytes("api/user_id=421");
    byte[] beyondAscii = bytes("api/user_id=42");
    beyondAscii[0] |= (byte) 0x80;
    assertThat(refusal("api/user_id=42", longer, 0).problem()).isEqualTo(Problem.KEY);
    assertThat(refusal("api/user_id=42", beyondAscii, 0).problem()).isEqualTo(Problem.KEY);
  }

  private InvalidRecordException refusal(String identifier, byte @Nullable [] key, int partition) {
    return catchThrowableOfType(
        InvalidRecordException.class, () -> input.validate(KeyText.of(identifier), key, partition));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
