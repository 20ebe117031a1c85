package io.weir.streams.serde;

import io.weir.schemas.Decision;
import io.weir.schemas.DomainRules;
import io.weir.schemas.LimitMode;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.RuleDescriptor;
import io.weir.schemas.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** Records and bytes for tests. */
final class Samples {
  /** A RequestEvent as it may have been before it had an operation. */
  static final Schema OLDER_REQUEST =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "RequestEvent", "namespace": "io.weir.schemas", "fields": [
                {"name": "request_id", "type": "string"},
                {"name": "domain", "type": "string"},
                {"name": "attributes", "type": {"type": "map", "values": "string"}}
              ]}
              """);

  private Samples() {}

  static RequestEvent request(String id) {
    return RequestEvent.newBuilder()
        .setRequestId(id)
        .setDomain("api")
        .setAttributes(Map.of("user_id", "42"))
        .build();
  }

  static Decision decision() {
    return Decision.newBuilder()
        .setRequestId("r-1")
        .setDomain("api")
        .setIdentifier("api/user_id=42")
        .setVerdict(Verdict.DENY)
        .setReason(Reason.OVER_LIMIT)
        .setRetryAfterMs(1_500L)
        .setStatuses(
            List.of(
                LimitStatus.newBuilder()
                    .setRule("per-user")
                    .setStateKey("api/user_id=42|user_id")
                    .setAlgorithm("fixed_window")
                    .setMode(LimitMode.ENFORCED)
                    .setVerdict(Verdict.DENY)
                    .setLimit(10)
                    .setPeriodMs(60_000)
                    .setBurst(10)
                    .setRemaining(0)
                    .setResetAt(Instant.ofEpochMilli(1_700_000_040_000L))
                    .setRetryAfterMs(1_500L)
                    .build()))
        .setEventTime(Instant.ofEpochMilli(1_700_000_038_500L))
        .setEvaluationTime(Instant.ofEpochMilli(1_700_000_038_500L))
        .build();
  }

  static DomainRules rules() {
    RuleDescriptor endpoint =
        RuleDescriptor.newBuilder().setKey("endpoint").setValue("/login*").build();
    RuleDescriptor user =
        RuleDescriptor.newBuilder().setKey("user_id").setDescriptors(List.of(endpoint)).build();
    return DomainRules.newBuilder().setDomain("api").setDescriptors(List.of(user)).build();
  }

  /** The Avro binary of a generated record, without a header, by Avro's own means. */
  static byte[] avro(SpecificRecord value) {
    return avro(value.getSchema(), value);
  }

  /** The Avro binary of any record, without a header. */
  static byte[] avro(Schema schema, Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    SpecificData data =
        value instanceof SpecificRecord record
            ? SpecificData.getForClass(record.getClass())
            : SpecificData.get();
    try {
      new GenericDatumWriter<>(schema, data).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A record in the wire format. */
  static byte[] wire(int schemaId, byte[] avro) {
    return ByteBuffer.allocate(5 + avro.length).put((byte) 0).putInt(schemaId).put(avro).array();
  }
}
