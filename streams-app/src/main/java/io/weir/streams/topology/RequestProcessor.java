package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.serde.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Decodes and validates requests, matches rules, and sends on what is to be judged. One instance
 * for each task.
 *
 * <p>Everything that can be wrong with a record is dealt with here: bytes that are not a request
 * become a dead letter; a request that makes no sense becomes a dead letter and a decision
 * INVALID_REQUEST. All of it is forwarded, so it belongs to the transaction that commits the
 * record's offset. What is wrong with the surroundings, such as a registry that is down, is thrown,
 * and the record is read again.
 */
final class RequestProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  /** Makes what takes the checks of one task, given the task's context and decisions. */
  @FunctionalInterface
  interface CheckTakers {
    CheckTaker of(ProcessorContext<byte[], byte[]> context, DecisionSender decisions);
  }

  private final TopologyParts parts;
  private final String decisionsSink;
  private final CheckTakers checkTakers;
  private final RequestValidator validator;
  private final Optional<KeyedInput> keyedInput;
  private final Optional<StaleRequests> staleRequests;
  private final DeadLetters deadLetters;
  private ProcessorContext<byte[], byte[]> context;
  private DecisionSender decisions;
  private CheckTaker checks;

  RequestProcessor(TopologyParts parts, String decisionsSink, CheckTakers checkTakers) {
    this.parts = parts;
    this.decisionsSink = decisionsSink;
    this.checkTakers = checkTakers;
    this.validator = new RequestValidator(parts.settings().futureTolerance());
    this.keyedInput =
        parts.settings().input() instanceof InputKeying.ByIdentifier keyed
            ? Optional.of(new KeyedInput(keyed.partitions()))
            : Optional.empty();
    this.staleRequests = parts.settings().staleRequests();
    this.deadLetters = new DeadLetters(parts.settings().maxDeadLetterBytes());
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    decisions = parts.decisionSender(context, decisionsSink);
    checks = checkTakers.of(context, decisions);
  }

  @Override
  public void close() {
    checks.close();
  }

  @Override
  public void process(Record<byte[], byte[]> extracted) {
    Record<byte[], byte[]> record = RequestTimestamps.dated(extracted, parts.clock());
    RecordMetadata source = context.recordMetadata().orElseThrow();
    RequestEvent event;
    try {
      event = decode(source.topic(), record);
    } catch (InvalidRecordException e) {
      deadLetter(record, source, e.problem(), e);
      return;
    } catch (RuntimeException e) {
      if (!Surroundings.areInnocentOf(e)) {
        throw e;
      }
      deadLetter(record, source, Problem.UNDECODABLE, e);
      return;
    }
    handle(event, record, source);
  }

  private RequestEvent decode(String topic, Record<byte[], byte[]> record)
      throws InvalidRecordException {
    if (record.value() == null) {
      throw new InvalidRecordException(
          Problem.NO_VALUE, "the record has no value; it must be a RequestEvent in Avro");
    }
    RequestEvent event = Records.read(parts.serdes().requests(), topic, record);
    if (event == null) {
      throw new SerializationException("the deserializer made nothing of the record's value");
    }
    return event;
  }

  private void handle(RequestEvent event, Record<byte[], byte[]> record, RecordMetadata source) {
    OptionalLong rejectedMillis = RequestTimestamps.rejectedTimestampMillis(record.headers());
    try {
      validator.validate(event, rejectedMillis);
      Match match = match(event);
      RequestValidator.validate(match);
      take(event, match, record, source);
    } catch (InvalidRecordException e) {
      deadLetter(record, source, e.problem(), e);
      long timestampMillis = rejectedMillis.orElse(record.timestamp());
      send(event, Decision.invalid(e.sentence(), timestampMillis, record.timestamp()), record);
    }
  }

  private Match match(RequestEvent event) throws InvalidRecordException {
    RuleSet rules = parts.rules().current();
    try {
      return event.getOperation() == Operation.RESET
          ? rules.matchIdentifiers(event.getDomain(), event.getAttributes())
          : rules.match(event.getDomain(), event.getAttributes());
    } catch (IdentifierException e) {
      throw new InvalidRecordException(Problem.IDENTIFIER, String.valueOf(e.getMessage()));
    }
  }

  private void take(
      RequestEvent event, Match match, Record<byte[], byte[]> record, RecordMetadata source)
      throws InvalidRecordException {
    List<Match.IdentifierLimits> identifiers = match.identifiers();
    if (identifiers.isEmpty()) {
      send(event, Decision.withoutLimits(match, record.timestamp()), record);
      return;
    }
    CheckTask task = CheckTasks.of(event);
    Optional<Decision> expired =
        task instanceof CheckTask.Charge ? expired(match, record.timestamp()) : Optional.empty();
    if (expired.isPresent()) {
      send(event, expired.get(), record);
      return;
    }
    if (keyedInput.isPresent() && identifiers.size() == 1) { // Several travel anyway.
      KeyText identifier = identifiers.get(0).identifierText();
      keyedInput.get().validate(identifier, record.key(), source.partition());
    }
    checks.take(checks(event, match, task, source), record.timestamp());
  }

  private List<RequestCheck> checks(
      RequestEvent event, Match match, CheckTask task, RecordMetadata source) {
    List<Match.IdentifierLimits> identifiers = match.identifiers();
    int count = identifiers.size();
    if (count == 1) {
      return List.of(check(event, match, 0, task, Optional.empty()));
    }
    Optional<String> requestKey = requestKey(event, identifiers, task);
    List<RequestCheck> each = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      HoldRef hold = new HoldRef(source.partition(), source.offset(), i, count, requestKey);
      each.add(check(event, match, i, task, Optional.of(hold)));
    }
    return each;
  }

  private static RequestCheck check(
      RequestEvent event, Match match, int index, CheckTask task, Optional<HoldRef> hold) {
    Match.IdentifierLimits identifier = match.identifiers().get(index);
    return new RequestCheck(
        event.getRequestId(),
        event.getDomain(),
        identifier.identifierText(),
        identifier.limits(),
        task,
        match.revision(),
        hold);
  }

  private Optional<String> requestKey(
      RequestEvent event, List<Match.IdentifierLimits> identifiers, CheckTask task) {
    if (parts.settings().duplicates().isEmpty() || !RequestKey.hasDuplicates(task)) {
      return Optional.empty();
    }
    List<KeyText> names = identifiers.stream().map(Match.IdentifierLimits::identifierText).toList();
    return Optional.of(RequestKey.of(task, event.getRequestId(), names));
  }

  private Optional<Decision> expired(Match match, long timestampMillis) {
    if (staleRequests.isEmpty()) {
      return Optional.empty();
    }
    StaleRequests stale = staleRequests.get();
    long nowMillis = parts.clock().millis();
    return stale.isStale(timestampMillis, nowMillis)
        ? Optional.of(Decision.expired(match, stale.verdict(), timestampMillis, nowMillis))
        : Optional.empty();
  }

  private void send(RequestEvent event, Decision decision, Record<byte[], byte[]> record) {
    boolean ruled = parts.rules().current().find(event.getDomain()).isPresent();
    decisions.send(event.getRequestId(), event.getDomain(), ruled, decision, record.timestamp());
  }

  private void deadLetter(
      Record<byte[], byte[]> record, RecordMetadata source, Problem problem, Exception cause) {
    context.forward(
        deadLetters.of(record, source, problem, cause), TopologyNames.DEAD_LETTERS_SINK);
    parts.metrics().deadLettered(problem);
  }
}
