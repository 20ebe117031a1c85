package io.weir.benchmarks.pipeline;

import io.weir.schemas.Decision;
import io.weir.schemas.DomainRules;
import io.weir.schemas.HoldRelease;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.LimitCheck;
import io.weir.schemas.PendingJoin;
import io.weir.schemas.RequestChecks;
import io.weir.schemas.RequestEvent;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.topology.WeirSerdes;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Serdes that need no registry: each process has one of its own, and all give the same schema the
 * same id, because they register in the same order before anything else does.
 */
final class BenchSerdes {
  private static final List<Schema> SCHEMAS =
      List.of(
          RequestEvent.getClassSchema(),
          Decision.getClassSchema(),
          LimitCheck.getClassSchema(),
          RequestChecks.getClassSchema(),
          LimitAnswer.getClassSchema(),
          PendingJoin.getClassSchema(),
          HoldRelease.getClassSchema(),
          DomainRules.getClassSchema());

  private BenchSerdes() {}

  /** The serdes of this process. */
  static WeirSerdes create() {
    InProcessSchemaRegistryClient registry = new InProcessSchemaRegistryClient();
    for (Schema schema : SCHEMAS) {
      int unused = registry.register(schema.getFullName(), asRegistered(schema));
    }
    return WeirSerdes.from(AvroSerdes.over(registry));
  }

  /** As the serde registers it: without the word on Java's strings that generated classes have. */
  private static Schema asRegistered(Schema schema) {
    return new Schema.Parser()
        .parse(schema.toString().replace(",\"avro.java.string\":\"String\"", ""));
  }
}
