package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.Reason;
import io.weir.limiter.rule.KeyText;
import io.weir.schemas.HoldRelease;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.PendingJoin;
import io.weir.schemas.RequestChecks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Collects the answers to requests with several identifiers, and sends a decision for each request
 * and the releases of what was held for a denied one. One instance for each task.
 *
 * <p>The steps are {@link Join}'s. Here they are written and sent inside the task's transaction.
 */
final class JoinProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  /** A punctuation runs inside the transaction, so it stops after this, and goes on next time. */
  private static final long STEP_NANOS = Duration.ofMillis(50).toNanos();

  private static final long LEAST_INTERVAL_MILLIS = 100;
  private static final long LONGEST_INTERVAL_MILLIS = 1_000;
  private static final long CHECKS_PER_TIMEOUT = 8;

  /**
   * An answer that comes again after its join was forgotten begins one that is never complete: so
   * where answers repeat, late ones are not waited for without end.
   */
  private static final long MOST_LATE_MILLIS = Duration.ofDays(1).toMillis();

  private final TopologyParts parts;
  private final LimitAnswers answers;
  private final Joins joins;
  private final LimitChecks checks;
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<Bytes, byte[]> store;
  private DecisionSender decisions;
  private Optional<RepeatedRequests> repeatedRequests = Optional.empty();
  private Cancellable timeouts;
  private Optional<Bytes> cursor = Optional.empty();
  private long initMillis;

  JoinProcessor(TopologyParts parts) {
    this.parts = parts;
    this.answers = new LimitAnswers(parts.algorithms());
    this.joins = new Joins(answers);
    this.checks = new LimitChecks(parts.algorithms());
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    initMillis = context.currentSystemTimeMs();
    store = context.getStateStore(TopologyNames.JOINS_STORE);
    decisions = parts.decisionSender(context, TopologyNames.JOINED_DECISIONS_SINK);
    repeatedRequests =
        parts
            .duplicates(context, TopologyNames.JOINED_DUPLICATES_STORE)
            .map(
                duplicates ->
                    new RepeatedRequests(
                        duplicates,
                        decisions,
                        new CheckSender(
                            context, parts.serdes(), checks, TopologyNames.FIRST_CHECKS_SINK),
                        context::currentStreamTimeMs));
    long everyMillis =
        Math.min(
            LONGEST_INTERVAL_MILLIS,
            Math.max(
                LEAST_INTERVAL_MILLIS,
                parts.settings().holds().joinTimeout().toMillis() / CHECKS_PER_TIMEOUT));
    timeouts =
        context.schedule(
            Duration.ofMillis(everyMillis), PunctuationType.WALL_CLOCK_TIME, this::closeOld);
  }

  @Override
  public void close() {
    timeouts.cancel();
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    String topic = context.recordMetadata().map(RecordMetadata::topic).orElseThrow();
    if (topic.equals(TopologyNames.requestChecksTopic(context.applicationId()))) {
      RequestChecks request = Records.read(parts.serdes().requestChecks(), topic, record);
      repeatedRequests.orElseThrow().take(request.getChecks(), record.timestamp());
      return;
    }
    take(Records.read(parts.serdes().answers(), topic, record), record.timestamp());
  }

  private void take(LimitAnswer answer, long timestampMillis) {
    String name = HoldRef.of(answer.getHold()).joinName();
    Bytes key = Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
    Optional<PendingJoin> stored = Optional.ofNullable(store.get(key)).map(this::decode);
    Join join =
        stored
            .map(joins::fromRecord)
            .orElseGet(
                () ->
                    Join.of(joins.request(answer, timestampMillis), context.currentSystemTimeMs()));
    Join.Step step = join.answered(answer.getHold().getIndex(), answers.fromRecord(answer));
    if (isOver(step.next())) {
      forget(key);
    } else if (!step.next().equals(join)) {
      List<LimitAnswer> earlier = stored.map(PendingJoin::getAnswers).orElse(List.of());
      store.put(key, encode(Joins.with(earlier, answer, step.next())));
    }
    send(join.request(), step);
  }

  /** Whether nothing about it is to come any more. */
  private boolean isOver(Join join) {
    return join.verdict().isPresent()
        && join.isComplete()
        && !parts.settings().holds().answersRepeat();
  }

  /** As a put: a delete would read the join first. */
  private void forget(Bytes key) {
    store.put(key, null);
  }

  /** Decides what has waited too long, and forgets what was only kept for what comes twice. */
  private void closeOld(long nowMillis) {
    List<KeyValue<Bytes, PendingJoin>> old = new ArrayList<>();
    long startNanos = System.nanoTime();
    try (KeyValueIterator<Bytes, byte[]> rest = store.range(cursor.orElse(null), null)) {
      while (rest.hasNext() && System.nanoTime() - startNanos < STEP_NANOS) {
        KeyValue<Bytes, byte[]> next = rest.next();
        PendingJoin join = decode(next.value);
        // What waited while nobody was here to take answers has its time once more.
        if (nowMillis - Math.max(join.getStartMs(), initMillis) >= patienceMillis(join)) {
          old.add(KeyValue.pair(next.key, join));
        }
      }
      cursor = rest.hasNext() ? Optional.of(rest.peekNextKey()) : Optional.empty();
    }
    for (KeyValue<Bytes, PendingJoin> entry : old) {
      if (entry.value.getVerdict() != null) {
        forget(entry.key);
        continue;
      }
      Join join = joins.fromRecord(entry.value);
      Join.Step step = join.timedOut();
      store.put(entry.key, encode(Joins.record(entry.value.getAnswers(), step.next())));
      send(join.request(), step);
    }
  }

  /** How long a join is left alone. */
  private long patienceMillis(PendingJoin join) {
    HoldSettings holds = parts.settings().holds();
    if (join.getVerdict() == null) {
      return holds.joinTimeout().toMillis();
    }
    boolean isComplete = join.getAnswers().size() == join.getAnswers().get(0).getHold().getCount();
    if (isComplete) {
      return holds.holdTime().toMillis();
    }
    return holds.answersRepeat() ? MOST_LATE_MILLIS : Long.MAX_VALUE;
  }

  private void send(Join.Request request, Join.Step step) {
    step.decision().ifPresent(decision -> send(request, decision));
    step.releases().forEach(release -> send(release, request.timestampMillis()));
  }

  private void send(Join.Request request, Decision decision) {
    byte[] value =
        decisions.send(
            request.requestId(), request.domain(), true, decision, request.timestampMillis());
    // A refund or a reset is carried out all the same.
    boolean isFinal = decision.reason() != Reason.TIMEOUT || request.correction().isPresent();
    request
        .requestKey()
        .ifPresent(
            key -> repeatedRequests.ifPresent(repeated -> repeated.decided(key, value, isFinal)));
  }

  private void send(Join.Release release, long timestampMillis) {
    String identifier = release.identifierText().toString();
    context.forward(
        Records.of(
            parts.serdes().releases(),
            parts.settings().topics().releases(),
            identifier,
            new HoldRelease(
                context.applicationId(),
                identifier,
                Math.toIntExact(release.id().high()),
                release.id().low(),
                release.keys().stream().map(KeyText::toString).toList()),
            timestampMillis),
        TopologyNames.RELEASES_SINK);
  }

  private Serde<PendingJoin> serde() {
    return parts.serdes().joins();
  }

  private PendingJoin decode(byte[] value) {
    return serde().deserializer().deserialize(changelog(), value);
  }

  private byte[] encode(PendingJoin join) {
    return serde().serializer().serialize(changelog(), join);
  }

  private String changelog() {
    return TopologyNames.joinsChangelog(context.applicationId());
  }
}
