package io.weir.limiter.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.CountdownAlgorithm;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.ScriptRowCodec.KeyedRow;
import io.weir.limiter.codec.StoredLimitCodecProperties.Mutation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** Every row comes back as it was; everything else is refused, whatever the bytes. */
@Domain(StoredLimits.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class ScriptRowCodecProperties {
  private static final byte[] KEY = "endpoint=%2Flogin#".getBytes(StandardCharsets.US_ASCII);

  private final ScriptRowCodec codec =
      new ScriptRowCodec(Algorithms.standard().with(new CountdownAlgorithm()));

  @Property
  void everyRowComesBackAsItWas(@ForAll StoredLimit row) {
    byte[] frame = codec.encode(KEY, row);
    assertThat(codec.decode(frame)).isEqualTo(row);
    assertThat(ScriptRowCodec.frameLength(frame, 0)).isEqualTo(frame.length);
  }

  @Property
  void allRowsOfAValueComeBackInTheirOrder(@ForAll List<StoredLimit> rows) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    for (int i = 0; i < rows.size(); i++) {
      value.writeBytes(codec.encode(("#" + i).getBytes(StandardCharsets.US_ASCII), rows.get(i)));
    }
    assertThat(codec.decodeAll(value.toByteArray()))
        .isEqualTo(
            IntStream.range(0, rows.size())
                .mapToObj(i -> new KeyedRow("#" + i, rows.get(i)))
                .toList());
  }

  @Property
  void everyRowThatIsCutOffOrHasMoreBytesIsRefused(@ForAll StoredLimit row) {
    byte[] frame = codec.encode(KEY, row);
    for (int length = 0; length < frame.length; length++) {
      byte[] shorter = Arrays.copyOf(frame, length);
      assertThatThrownBy(() -> codec.decode(shorter)).isInstanceOf(CodecException.class);
      if (length > 0) {
        assertThatThrownBy(() -> codec.decodeAll(shorter)).isInstanceOf(CodecException.class);
      }
    }
    byte[] longer = Arrays.copyOf(frame, frame.length + 1);
    assertThatThrownBy(() -> codec.decode(longer)).isInstanceOf(CodecException.class);
  }

  @Property
  void mutatedRowsAreRefusedOrAreTheOneFormOfAnotherRow(
      @ForAll StoredLimit row, @ForAll("mutation") Mutation mutation) {
    byte[] bytes = mutation.applyTo(codec.encode(KEY, row));
    try {
      KeyedRow read = codec.decodeAll(bytes).get(0);
      byte[] key = read.key().getBytes(StandardCharsets.US_ASCII);
      byte[] frame = Arrays.copyOf(bytes, ScriptRowCodec.frameLength(bytes, 0));
      assertThat(codec.encode(key, read.row())).isEqualTo(frame);
    } catch (CodecException refused) {
      assertThat(refused).message().isNotEmpty();
    } catch (IndexOutOfBoundsException none) {
      assertThat(bytes).isEmpty();
    }
  }

  @Provide
  Arbitrary<Mutation> mutation() {
    return StoredLimitCodecProperties.mutations();
  }
}
