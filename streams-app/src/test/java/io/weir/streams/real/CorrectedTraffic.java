package io.weir.streams.real;

import static org.awaitility.Awaitility.await;

import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Requests of which some are refunded as soon as their caller can know that they were allowed, and
 * some of whose identifiers are reset now and then. Thread-safe.
 */
final class CorrectedTraffic implements RequestSource {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int REFUNDS_PERCENT = 12;
  private static final int RESETS_PERCENT = 1;

  private final RequestSource traffic;
  private final Runnable news;
  private final Map<String, RequestEvent> undecided = new HashMap<>();
  private final Deque<RequestEvent> refunds = new ArrayDeque<>();

  /** The requests of a test that tells their decisions. */
  CorrectedTraffic(RequestSource traffic) {
    this.traffic = traffic;
    this.news = () -> {};
  }

  /**
   * The requests of a test that does not.
   *
   * @param decisions where they come in
   */
  CorrectedTraffic(
      RequestSource traffic, RunningWeir weir, KafkaConsumer<byte[], byte[]> decisions) {
    this.traffic = traffic;
    this.news =
        () -> {
          for (ConsumerRecord<byte[], byte[]> record : decisions.poll(Duration.ZERO)) {
            decided(Run.decided(weir, record));
          }
        };
  }

  @Override
  public synchronized RequestEvent request(int number, Random random) {
    news.run();
    RequestEvent request = traffic.request(number, random);
    int percent = random.nextInt(100);
    if (percent < RESETS_PERCENT) {
      return RequestEvent.newBuilder(request).setOperation(Operation.RESET).build();
    }
    if (percent < RESETS_PERCENT + REFUNDS_PERCENT && !refunds.isEmpty()) {
      return RequestEvent.newBuilder(refunds.pop()).setRequestId(request.getRequestId()).build();
    }
    if (request.getOperation() == Operation.CHECK) {
      undecided.put(request.getRequestId(), request);
    }
    return request;
  }

  /** Waits until all requests are decided that were sent. */
  void awaitDecisions() {
    await().atMost(PATIENCE).until(this::areDecided);
  }

  private synchronized boolean areDecided() {
    news.run();
    return undecided.isEmpty();
  }

  @Override
  public synchronized void decided(Run.Decided decided) {
    RequestEvent request = undecided.remove(decided.requestId());
    if (request != null && decided.decision().isAllowed()) {
      refunds.push(
          RequestEvent.newBuilder(request)
              .setOperation(Operation.REFUND)
              .setChargedAt(Instant.ofEpochMilli(decided.decision().nowMillis()))
              .build());
    }
  }
}
