package io.weir.limiter.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.CountdownAlgorithm;
import io.weir.limiter.algorithm.StoredLimit;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What is not exactly a row is refused, and the message says why. */
class RefusedRowsTest {
  private static final String NO_TIME = "; it must be a time in milliseconds since the epoch, ";

  private final StoredLimitCodec codec =
      new StoredLimitCodec(Algorithms.standard().with(new CountdownAlgorithm()));

  @Test
  void emptyRow() {
    assertRefused("", "the row ends after 0 bytes, where the version should be");
  }

  @Test
  void unknownVersion() {
    assertRefused(
        "04 01 64",
        "the row has version 4; this release reads versions 1 to 3 only: a newer release may have"
            + " written it");
    assertRefused(
        "00",
        "the row has version 0; this release reads versions 1 to 3 only: a newer release may have"
            + " written it");
  }

  @Test
  void unknownAlgorithm() {
    assertRefused("01", "the row ends after 1 bytes, where the algorithm should be");
    assertRefused("01 06 64", "algorithm number 6 is not known");
    assertRefused("01 ff 64", "algorithm number 255 is not known");
  }

  @Test
  void nameOfACustomAlgorithm() {
    assertRefusedBecause("01 00 01 78 01", "there is no algorithm 'x' here; known are [");
    assertRefusedBecause("01 00 00 01", "there is no algorithm '' here; known are [");
    assertRefused(
        "01 00 02 78 1f 01",
        "at byte 5: the algorithm's name holds the byte 31, which is no printable ASCII");
    assertRefused(
        "01 00 02 78 7f 01",
        "at byte 5: the algorithm's name holds the byte 127, which is no printable ASCII");
    assertRefusedBecause("01 00 02 20 7e 01", "there is no algorithm ' ~' here");
    assertRefused("01 00 41 78", "at byte 3: length of the algorithm's name is 65, the most is 64");
    assertRefused(
        "01 00 40 78 78",
        "at byte 3: length of the algorithm's name is 64, but only 2 bytes follow");
    assertRefused(
        "01 00 0c 66697865645f77696e646f77 01 01 00 00",
        "the built-in algorithm 'fixed_window' is written as a custom one");
  }

  @Test
  void numbersThatAreCutOff() {
    assertRefused("01 03", "the row ends after 2 bytes, where requests should be");
    assertRefused("01 03 80", "the row ends after 3 bytes, where requests should be");
    assertRefused("01 03 01", "the row ends after 3 bytes, where the period should be");
    assertRefused("01 01 01 01", "the row ends after 4 bytes, where the burst should be");
    assertRefused("01 01 01 01 01", "the row ends after 5 bytes, where what is missing should be");
    assertRefused("01 02 01 01 01", "the row ends after 5 bytes, where what is queued should be");
    assertRefused("01 03 01 01", "the row ends after 4 bytes, where the count should be");
    assertRefused(
        "01 03 01 01 00",
        "the row ends after 5 bytes, where the time of the last admission should be");
    assertRefused(
        "01 05 01 01", "the row ends after 4 bytes, where the current window's count should be");
    assertRefused(
        "01 05 01 01 00",
        "the row ends after 5 bytes, where the previous window's count should be");
  }

  @Test
  void bytesThatAreLeftOver() {
    assertRefused("01 03 01 01 00 00 00", "at byte 6: 1 more bytes follow the end of the row");
  }

  @Test
  void numbersThatAreTooLong() {
    assertRefused("01 03 8000", "at byte 4: requests is written in more bytes than it needs");
    assertRefused("01 03 ffffffffffffffffff01", "at byte 12: requests is larger than a long");
    assertRefused("01 03 ffffffffffffffffff02", "at byte 12: requests is longer than 64 bits");
    assertRefused("01 03 ffffffffffffffffff81 00", "at byte 12: requests is longer than 64 bits");
    assertThat(decode("01 03 ffffffffffffffff7f 01 00 00").limit().requests())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void limitsThatAreRefused() {
    assertRefused(
        "01 03 01 00 00 00",
        "the row holds what is refused: the period is 0 ms; it must be at least 1 ms and at most"
            + " 365000 days");
    assertRefused(
        "01 01 01 01 00 00 00", "the row holds what is refused: burst is 0; it must be 1 or more");
    assertRefused(
        "01 00 09 636f756e74646f776e 01 01 02 00 00",
        "the row holds what is refused: burst has no meaning for countdown; leave it out");
  }

  @Test
  void statesThatAreImpossible() {
    assertRefused(
        "01 01 01 01 01 02 00",
        "the row holds what is refused: the level is 2 units, but token_bucket 1 per 1 ms"
            + " burst 1 has room for 1");
    assertRefused(
        "01 03 01 01 00 818080808080808020",
        "the row holds what is refused: lastMillis is 2305843009213693953"
            + NO_TIME
            + "from 0 to 2305843009213693952");
  }

  @Test
  void logsThatAreImpossible() {
    assertRefused(
        "01 04 01 01 d18603", "at byte 7: the number of entries is 50001, the most is 50000");
    assertRefused(
        "01 04 01 01 d08603 00",
        "at byte 7: the number of entries is 50000, but only 1 bytes follow");
    assertRefused(
        "01 04 01 01 01", "at byte 5: the number of entries is 1, but only 0 bytes follow");
    assertRefused(
        "01 04 01 01 01 80", "the row ends after 6 bytes, where the time of an entry should be");
    assertRefused(
        "01 04 01 01 01 01", "the row ends after 6 bytes, where the cost of an entry should be");
    // Distances and costs whose sums are no long.
    assertRefusedBecause(
        "01 04 01 01 02 feffffffffffffff7f feffffffffffffff7f",
        "the row holds what is refused: time of entry 0 is 4611686018427387903" + NO_TIME);
    assertRefused(
        "01 04 01 01 01 01 ffffffffffffffff7f",
        "the row holds what is refused: entry 0 has the cost -9223372036854775807; it must be 1"
            + " or more, and the sum a long");
  }

  @Test
  void customStatesThatAreImpossible() {
    assertRefused(
        "01 00 09 636f756e74646f776e 01 01 01 e907",
        "at byte 17: the number of values is 1001, the most is 1000");
    assertRefused(
        "01 00 09 636f756e74646f776e 01 01 01 01 80",
        "the row ends after 17 bytes, where a value should be");
  }

  @Test
  void holdsThatAreImpossible() {
    assertRefused(
        "02 03 01 01 00 00 00",
        "the row has version 2 and no holds; without any it is of version 1");
    assertRefused(
        "02 03 01 01 00 00", "the row ends after 6 bytes, where the number of holds should be");
    assertRefused(
        "02 03 01 01 00 00 02 01", "at byte 7: the number of holds is 2, but only 1 bytes follow");
    assertRefused(
        "02 03 01 01 00 00 01 02 02 00 00 00",
        "the row holds what is refused: the cost of a hold is 0; it must be above 0");
    assertRefused(
        "02 03 01 01 00 00 01 02 02 00 01",
        "the row ends after 11 bytes, where the least used since a hold should be");
    assertRefused(
        "02 03 01 01 00 00 01 02 02 00 01 00 00",
        "at byte 12: 1 more bytes follow the end of the row");
    assertRefused(
        "02 03 01 01 00 00 01 02 02 818080808080808020 01 00",
        "the row holds what is refused: the time of a hold is 2305843009213693953"
            + NO_TIME
            + "from 0 to 2305843009213693952");
  }

  @Test
  void timesOfLogsThatAreImpossible() {
    assertRefused(
        "03 03 01 01 00 00 00 00",
        "the row has version 3, but only those of sliding_window_log can");
    assertRefused(
        "03 04 01 01 00",
        "the row ends after 5 bytes, where the time since the newest entry should be");
    assertRefused(
        "03 04 01 01 00 07", "the row ends after 6 bytes, where the number of holds should be");
    assertRefusedBecause(
        "03 04 01 01 00 ffffffffffffffff7f 00",
        "the row holds what is refused: lastMillis is -9223372036854775808" + NO_TIME);
  }

  private void assertRefused(String hex, String message) {
    assertThatThrownBy(() -> decode(hex)).isInstanceOf(CodecException.class).hasMessage(message);
  }

  private void assertRefusedBecause(String hex, String start) {
    assertThatThrownBy(() -> decode(hex))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith(start);
  }

  private StoredLimit decode(String hex) {
    return codec.decode(HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}
