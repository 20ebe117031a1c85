package io.weir.limiter.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.CountdownAlgorithm;
import io.weir.limiter.algorithm.StoredLimit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** Every row comes back as it was; everything else is refused, whatever the bytes. */
@Domain(StoredLimits.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class StoredLimitCodecProperties {
  private final StoredLimitCodec codec =
      new StoredLimitCodec(Algorithms.standard().with(new CountdownAlgorithm()));

  @Property
  void everyRowComesBackAsItWas(@ForAll StoredLimit row) {
    assertThat(codec.decode(codec.encode(row))).isEqualTo(row);
  }

  @Property
  void everyRowThatIsCutOffOrHasMoreBytesIsRefused(@ForAll StoredLimit row) {
    byte[] bytes = codec.encode(row);
    for (int length = 0; length < bytes.length; length++) {
      byte[] shorter = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> codec.decode(shorter)).isInstanceOf(CodecException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> codec.decode(longer))
        .isInstanceOf(CodecException.class)
        .hasMessageEndingWith("1 more bytes follow the end of the row");
  }

  @Property
  void mutatedRowsAreRefusedOrAreTheOneFormOfAnotherRow(
      @ForAll StoredLimit row, @ForAll("mutation") Mutation mutation) {
    assertRefusedOrCanonical(mutation.applyTo(codec.encode(row)));
  }

  @Property
  void randomBytesAreRefusedOrAreTheOneFormOfARow(@ForAll("garbage") byte[] bytes) {
    assertRefusedOrCanonical(bytes);
  }

  private void assertRefusedOrCanonical(byte[] bytes) {
    decode(bytes).ifPresent(row -> assertThat(codec.encode(row)).isEqualTo(bytes));
  }

  /** The row, or empty where the bytes are refused; any other exception fails the test. */
  private Optional<StoredLimit> decode(byte[] bytes) {
    try {
      return Optional.of(codec.decode(bytes));
    } catch (CodecException refused) {
      assertThat(refused).message().isNotEmpty();
      return Optional.empty();
    }
  }

  /** Replaces some bytes from a place on by others. */
  record Mutation(double place, int removed, List<Byte> inserted) {
    byte[] applyTo(byte[] bytes) {
      int from = (int) (place * bytes.length);
      int rest = Math.min(bytes.length, from + removed);
      int added = inserted.size();
      byte[] mutated = Arrays.copyOf(bytes, from + added + bytes.length - rest);
      for (int i = 0; i < added; i++) {
        mutated[from + i] = inserted.get(i);
      }
      System.arraycopy(bytes, rest, mutated, from + added, bytes.length - rest);
      return mutated;
    }
  }

  @Provide
  Arbitrary<Mutation> mutation() {
    return mutations();
  }

  static Arbitrary<Mutation> mutations() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1),
            Arbitraries.integers().between(0, 3),
            Arbitraries.bytes().list().ofMaxSize(3))
        .as(Mutation::new);
  }

  /** Random bytes, most of which start like a row so that they are read further. */
  @Provide
  Arbitrary<byte[]> garbage() {
    Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(60);
    Arbitrary<byte[]> likely =
        Combinators.combine(any, Arbitraries.integers().between(0, 6))
            .as(
                (bytes, id) -> {
                  byte[] row = new byte[bytes.length + 2];
                  row[0] = StoredLimitCodec.VERSION;
                  row[1] = id.byteValue();
                  System.arraycopy(bytes, 0, row, 2, bytes.length);
                  return row;
                });
    return Arbitraries.oneOf(any, likely, likely);
  }
}
