package io.weir.streams.topology;

import io.weir.schemas.Decision;
import io.weir.schemas.DomainRules;
import io.weir.schemas.HoldRelease;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.LimitCheck;
import io.weir.schemas.PendingJoin;
import io.weir.schemas.RequestChecks;
import io.weir.schemas.RequestEvent;
import io.weir.streams.serde.AvroSerdes;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The serdes of the record values, thread-safe each of them. A deserializer throws a {@link
 * org.apache.kafka.common.errors.RetriableException} where bytes cannot be read now, such as while
 * the schema registry is down, and anything else where they never can.
 */
public record WeirSerdes(
    Serde<RequestEvent> requests,
    Serde<Decision> decisions,
    Serializer<DecidedRequest> decided,
    Serde<LimitCheck> checks,
    Serde<RequestChecks> requestChecks,
    Serde<LimitAnswer> answers,
    Serde<PendingJoin> joins,
    Serde<HoldRelease> releases,
    Serde<DomainRules> rules) {

  /** The serdes that one registry serves. */
  public static WeirSerdes from(AvroSerdes serdes) {
    return new WeirSerdes(
        serdes.forValues(RequestEvent.class),
        serdes.forValues(Decision.class),
        decided(serdes),
        serdes.forValues(LimitCheck.class),
        serdes.forValues(RequestChecks.class),
        serdes.forValues(LimitAnswer.class),
        serdes.forValues(PendingJoin.class),
        serdes.forValues(HoldRelease.class),
        serdes.forValues(DomainRules.class));
  }

  private static Serializer<DecidedRequest> decided(AvroSerdes serdes) {
    return serdes.forWriting(Decision.class, new DecisionWriter(), Decisions::toRecord);
  }

  /** These serdes, but for another one of requests. */
  public WeirSerdes withRequests(Serde<RequestEvent> newRequests) {
    return new WeirSerdes(
        newRequests, decisions, decided, checks, requestChecks, answers, joins, releases, rules);
  }
}
