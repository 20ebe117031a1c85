package io.weir.streams.topology;

import io.weir.limiter.Answer;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.rule.KeyText;
import io.weir.schemas.HoldRelease;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Does what re-keyed checks ask for in the partition that holds their identifier's rows, and gives
 * back there what was held for requests that were denied. One instance for each task.
 *
 * <p>What arrives was written by this application. A record that cannot be read is a fault of its,
 * and dropping it would leave a request without a decision or tokens held in vain, so it fails the
 * task.
 */
final class LimitProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private final TopologyParts parts;
  private final LimitChecks checks;
  private final LimitAnswers answers;
  private final boolean judgesSingles;
  private ProcessorContext<byte[], byte[]> context;
  private LimitJudge judge;
  private Optional<ExpirySteps> expiry = Optional.empty();
  private Optional<SingleRequests> singles = Optional.empty();

  /**
   * A processor.
   *
   * @param judgesSingles whether requests with one identifier, and expiry, are its business, too;
   *     else they are that of another one on the same rows
   */
  LimitProcessor(TopologyParts parts, boolean judgesSingles) {
    this.parts = parts;
    this.judgesSingles = judgesSingles;
    this.checks = new LimitChecks(parts.algorithms());
    this.answers = new LimitAnswers(parts.algorithms());
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    judge = new LimitJudge(context, parts.settings());
    if (judgesSingles) {
      expiry = Optional.of(new ExpirySteps(context, parts));
      DecisionSender decisions = parts.decisionSender(context, TopologyNames.DECISIONS_SINK);
      singles = Optional.of(parts.singleRequests(context, decisions));
    }
  }

  @Override
  public void close() {
    expiry.ifPresent(ExpirySteps::close);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    String topic = context.recordMetadata().map(RecordMetadata::topic).orElseThrow();
    if (topic.equals(parts.settings().topics().releases())) {
      release(Records.read(parts.serdes().releases(), topic, record));
      return;
    }
    RequestCheck check = checks.fromRecord(Records.read(parts.serdes().checks(), topic, record));
    if (check.hold().isPresent()) {
      answer(check, check.hold().get(), record.timestamp());
    } else {
      singles.orElseThrow().decide(check, record.timestamp());
    }
  }

  private void release(HoldRelease release) {
    if (!release.getApplicationId().equals(context.applicationId())) {
      return; // Another application on the same topics, which holds under the same names.
    }
    HoldId id = new HoldId(release.getPartition(), release.getOffset());
    List<KeyText> keys = release.getStateKeys().stream().map(KeyText::of).toList();
    boolean isWhole = judge.release(id, keys) == keys.size();
    parts.metrics().holdReleased(isWhole);
  }

  private void answer(RequestCheck check, HoldRef hold, long timestampMillis) {
    Answer answer = judge.answer(check, hold, timestampMillis);
    context.forward(
        Records.of(
            parts.serdes().answers(),
            TopologyNames.answersTopic(context.applicationId()),
            hold.answerKey(),
            answers.toRecord(check, hold, answer),
            timestampMillis),
        TopologyNames.ANSWERS_OUT);
  }
}
