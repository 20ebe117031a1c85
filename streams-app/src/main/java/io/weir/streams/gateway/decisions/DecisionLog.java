package io.weir.streams.gateway.decisions;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.streams.gateway.DecisionListener;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.serde.Backoff;
import io.weir.streams.topology.DecidedRequest;
import io.weir.streams.topology.DecisionRecords;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes the decisions of the doors to the decisions topic, as the topology writes its own: the
 * same key, header and bytes. Thread-safe.
 *
 * <p>Whoever decides hands the decision over and goes on at once, whatever Kafka or the schema
 * registry does: one thread encodes and sends what waits, in the order in which it came. What waits
 * is bounded, and so is what the producer holds; what finds no room is dropped. While the brokers
 * or the registry are away, or refuse, the thread tries the same decision again, and the others
 * wait behind it. A decision is written once or not at all: what is not is counted ({@link
 * DecisionLogMetrics}), and told in the log now and then.
 */
public final class DecisionLog implements DecisionListener, AutoCloseable {
  private static final Backoff RETRY = new Backoff(100, 5_000);

  /** How soon an idle thread sees that it is to end. */
  private static final long IDLE_MILLIS = 100;

  /** For a thread that was interrupted to come back from where it waits. */
  private static final Duration INTERRUPTED = Duration.ofSeconds(1);

  private final BlockingQueue<DecidedRequest> waiting;
  private final WritingWatch watch = new WritingWatch(System::nanoTime);
  private final DecisionSending sending;
  private final Producer<byte[], byte[]> producer;
  private final StopTime stopTime;
  private final DecisionLogMetrics metrics;
  private final LostDecisions lost;
  private final Thread thread = new Thread(this::run, "weir-decision-log");

  private volatile boolean ending;
  private volatile boolean ended;

  private DecisionLog(
      DecisionRecords records,
      Producer<byte[], byte[]> producer,
      int maxWaiting,
      StopTime stopTime,
      MeterRegistry registry) {
    this.waiting = new LinkedBlockingQueue<>(maxWaiting);
    this.producer = producer;
    this.stopTime = stopTime;
    this.metrics = new DecisionLogMetrics(registry, waiting, watch);
    this.lost = new LostDecisions(records.topic(), metrics, System::nanoTime);
    this.sending = new DecisionSending(records, producer, metrics, lost, watch);
  }

  /**
   * Starts a log.
   *
   * @param records makes the records
   * @param producer sends them; the log closes it
   * @param maxWaiting how many decisions wait at most, 1 or more
   * @param stopTime bounds how long {@link #close} waits for what is under way
   * @param registry where it is counted
   */
  public static DecisionLog start(
      DecisionRecords records,
      Producer<byte[], byte[]> producer,
      int maxWaiting,
      StopTime stopTime,
      MeterRegistry registry) {
    DecisionLog log = new DecisionLog(records, producer, maxWaiting, stopTime, registry);
    // Who gives up on closing goes on to end the process.
    log.thread.setDaemon(true);
    log.thread.start();
    return log;
  }

  @Override
  public void decided(DecidedRequest decided) {
    if (ended || !waiting.offer(decided)) {
      metrics.lost(ended ? LossReason.CLOSED : LossReason.FULL, 1);
    } else if (ended) {
      // It was closed in this moment: nobody else looks again.
      dropWaiting();
    }
  }

  /** Why decisions are not written at the moment, in a sentence, where they are not. */
  public Optional<String> trouble() {
    return watch.trouble();
  }

  /**
   * Writes what waits, as far as the time allows, and counts what is left as lost. Decisions that
   * come afterwards are lost, too.
   */
  @Override
  public void close() {
    long deadlineNanos = System.nanoTime() + stopTime.left().toNanos();
    ending = true;
    boolean interrupted = !joinUntil(deadlineNanos);
    if (thread.isAlive()) {
      thread.interrupt();
      interrupted |= !joinUntil(System.nanoTime() + INTERRUPTED.toNanos());
    }
    ended = true;
    dropWaiting();
    long leftNanos = interrupted ? 0 : Math.max(0, deadlineNanos - System.nanoTime());
    try {
      producer.close(Duration.ofNanos(leftNanos));
    } catch (InterruptException e) {
      interrupted = true;
    }
    lost.reportAll();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether this thread was not interrupted while it waited for the log's to end. */
  private boolean joinUntil(long deadlineNanos) {
    try {
      // 0 would be for ever.
      long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      thread.join(Math.max(1, millis));
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void dropWaiting() {
    while (waiting.poll() != null) {
      metrics.lost(LossReason.CLOSED, 1);
    }
  }

  private void run() {
    int failures = 0;
    while (!(ending && waiting.isEmpty())) {
      try {
        if (failures > 0) {
          pause(failures);
        }
        writeNext();
        failures = 0;
      } catch (InterruptedException e) {
        // It was given up on, and what waits is counted by who did.
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException | Error e) { // Nobody expects it; the next decision is written.
        failures++;
        tell(e);
      }
    }
  }

  private void writeNext() throws InterruptedException {
    DecidedRequest next = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
    if (next != null) {
      write(next);
    }
    lost.report();
  }

  private void tell(Throwable fault) {
    try {
      lost.unexpected(fault);
      watch.hindered(fault);
    } catch (RuntimeException | Error untold) {
      // As where there is no memory: it is told when there is some again.
    }
  }

  /** Tries until the decision is with the producer, or can never be. */
  private void write(DecidedRequest decided) throws InterruptedException {
    watch.begun();
    try {
      for (int failures = 1; !sending.send(decided); failures++) {
        lost.report();
        pause(failures);
      }
    } catch (InterruptedException e) {
      watch.abandoned();
      metrics.lost(LossReason.CLOSED, 1);
      throw e;
    } catch (RuntimeException | Error e) {
      watch.abandoned();
      lost.failed(e);
      throw e;
    }
  }

  private static void pause(int failures) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(RETRY.waitMillis(failures, ThreadLocalRandom.current()));
  }
}
