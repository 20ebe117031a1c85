package io.weir.streams.topology;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.streams.store.LimitStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Does what checks ask for, by the rows of one task's store. For the task's thread. */
final class LimitJudge {
  private final Judge judge = new Judge();
  private final LimitStore store;
  private final LongSupplier streamTimeMillis;
  private final long latenessMillis;
  private final HoldBounds holds;

  /** A judge over the task's store. */
  LimitJudge(ProcessorContext<byte[], byte[]> context, TopologySettings settings) {
    this.store = context.getStateStore(TopologyNames.LIMITS_STORE);
    this.streamTimeMillis = context::currentStreamTimeMs;
    this.latenessMillis = settings.lateness().toMillis();
    this.holds = settings.holds().bounds();
  }

  /**
   * Does what a check asks for, and writes what becomes of the rows.
   *
   * @param timestampMillis the request's own time
   */
  Decision decide(RequestCheck check, long timestampMillis) {
    CheckTask task = check.task();
    if (task instanceof CheckTask.Reset) {
      return reset(check, timestampMillis);
    }
    Judgement judgement =
        task instanceof CheckTask.Refund refund
            ? judge.refund(
                check(check, refund.cost(), timestampMillis), refund.chargedAtMillis(), store::get)
            : judge.judge(check(check, CheckTasks.cost(task), timestampMillis), store::get);
    write(judgement.writes());
    return judgement.decision();
  }

  /**
   * Asks the limits of one identifier of a request that has several, and holds what they admit; or
   * gives back to them, or forgets them.
   *
   * @param timestampMillis the request's own time
   */
  Answer answer(RequestCheck check, HoldRef hold, long timestampMillis) {
    if (check.task() instanceof CheckTask.Charge charge) {
      Judge.Held held =
          judge.hold(check(check, charge.cost(), timestampMillis), hold.id(), holds, store::get);
      write(held.writes());
      return held.answer();
    }
    return Answer.holdingNothing(check.identifierText(), decide(check, timestampMillis));
  }

  private Decision reset(RequestCheck check, long timestampMillis) {
    store.deleteRowsOf(check.identifierText());
    return judge.reset(
        new Match(
            List.of(new Match.IdentifierLimits(check.identifierText(), check.limits())),
            true,
            check.rulesRevision()),
        timestampMillis,
        floorMillis());
  }

  /**
   * Gives back what rows hold for a request, where they still do.
   *
   * @return how many did
   */
  int release(HoldId id, List<KeyText> keys) {
    List<Judgement.Write> writes = new ArrayList<>(keys.size());
    for (KeyText key : keys) {
      store
          .get(key)
          .flatMap(row -> row.released(id))
          .ifPresent(row -> writes.add(new Judgement.Write(key, row)));
    }
    write(writes);
    return writes.size();
  }

  private void write(List<Judgement.Write> writes) {
    for (Judgement.Write write : writes) {
      store.put(write.key(), write.row());
    }
  }

  private Check check(RequestCheck check, long cost, long timestampMillis) {
    return new Check(
        check.identifierText(),
        check.limits(),
        cost,
        timestampMillis,
        floorMillis(),
        check.rulesRevision());
  }

  private long floorMillis() {
    return floorMillis(streamTimeMillis.getAsLong(), latenessMillis);
  }

  /**
   * The earliest time that may be judged at. Stream time holds the record that is being judged; it
   * is -1 before the first one, which makes the floor negative, and a negative floor is none.
   */
  static long floorMillis(long streamTimeMillis, long latenessMillis) {
    return streamTimeMillis - latenessMillis;
  }
}
