package io.weir.schemas;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The schemas that stand alone on a topic, as the generated classes carry them. */
final class Contracts {
  private Contracts() {}

  static List<Schema> all() {
    return Stream.of(
            Decision.getClassSchema(),
            DomainRules.getClassSchema(),
            HoldRelease.getClassSchema(),
            LimitAnswer.getClassSchema(),
            LimitCheck.getClassSchema(),
            PendingJoin.getClassSchema(),
            RequestChecks.getClassSchema(),
            RequestEvent.getClassSchema())
        .sorted(Comparator.comparing(Schema::getName))
        .toList();
  }
}
