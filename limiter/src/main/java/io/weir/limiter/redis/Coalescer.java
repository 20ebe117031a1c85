package io.weir.limiter.redis;

import io.weir.limiter.codec.CodecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the script for many at once: what comes while calls are under way travels in the next one.
 * Nothing waits for company: where fewer calls than {@code maxCalls} are under way, what comes is
 * sent at once. Thread-safe, without threads of its own: a call is sent by who asks, or by who
 * brings the answer to the one before.
 */
final class Coalescer {
  private final Script script;
  private final RedisKeys keys;
  private final Settings settings;

  private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger drives = new AtomicInteger();

  private final AtomicLong newestMillis;

  /**
   * What bounds it.
   *
   * @param maxCalls the calls that may be under way at once
   * @param maxAsks the questions in one call
   * @param maxQueued the questions that may wait
   * @param latenessMillis how far Redis's clock may be set back before requests are judged at a
   *     later time
   * @param clock gives the time to judge at, or {@link ScriptCall#REDIS_TIME}
   */
  record Settings(
      int maxCalls, int maxAsks, int maxQueued, long latenessMillis, LongSupplier clock) {}

  /**
   * A coalescer.
   *
   * @param queued the questions that wait, of all coalescers that share the bound
   * @param newestMillis the newest time that Redis has told, in milliseconds since the epoch: that
   *     of one server, or 0 before it has told any
   */
  Coalescer(
      Script script,
      RedisKeys keys,
      Settings settings,
      AtomicInteger queued,
      AtomicLong newestMillis) {
    this.queued = queued;
    this.newestMillis = newestMillis;
    this.script = script;
    this.keys = keys;
    this.settings = settings;
  }

  /** Asks; the answer comes later, unless there is too much to ask already. */
  void ask(Waiting waiting) {
    if (queued.incrementAndGet() > settings.maxQueued()) {
      queued.decrementAndGet();
      waiting.completeExceptionally(
          RedisUnavailableException.notAsked(
              "more than " + settings.maxQueued() + " requests wait for Redis"));
      return;
    }
    queue.add(waiting);
    drive();
  }

  /**
   * Sends what waits, as long as calls may be sent. Only one thread does at a time, and whoever
   * comes meanwhile leaves it to go round once more: a call that fails at once, as all do while the
   * breaker is open, must not begin the next one inside of it.
   */
  private void drive() {
    if (drives.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    do {
      while (!queue.isEmpty() && begin()) {
        List<Waiting> asked = take();
        if (asked.isEmpty()) {
          calls.decrementAndGet();
        } else {
          send(asked, true);
        }
      }
      seen = drives.addAndGet(-seen);
    } while (seen > 0);
  }

  /** Only who drives begins calls, so nobody else can begin the last one meanwhile. */
  private boolean begin() {
    if (calls.get() >= settings.maxCalls()) {
      return false;
    }
    calls.incrementAndGet();
    return true;
  }

  private List<Waiting> take() {
    List<Waiting> taken = new ArrayList<>();
    while (taken.size() < settings.maxAsks()) {
      Waiting next = queue.poll();
      if (next == null) {
        break;
      }
      queued.decrementAndGet();
      if (!next.isPointless()) {
        taken.add(next);
      }
    }
    return taken;
  }

  private void send(List<Waiting> asked, boolean together) {
    try {
      call(asked, together);
    } catch (RuntimeException e) {
      calls.decrementAndGet();
      fail(asked, e);
    }
  }

  private static void fail(List<Waiting> asked, Throwable failure) {
    asked.forEach(each -> each.completeExceptionally(failure));
  }

  /**
   * Calls.
   *
   * @param together whether it can be asked for each identifier by itself as well
   */
  private void call(List<Waiting> asked, boolean together) {
    long givenMillis = settings.clock().getAsLong();
    if (givenMillis >= 0) {
      newestMillis.accumulateAndGet(givenMillis, Math::max);
    }
    List<Ask> asks = new ArrayList<>(asked.size());
    for (Waiting each : asked) {
      asks.add(each.ask());
    }
    ScriptCall call =
        ScriptCall.of(
            asks,
            keys,
            givenMillis,
            Math.max(0, newestMillis.get() - settings.latenessMillis()),
            settings.latenessMillis());
    CompletionStage<byte[]> answer =
        together
            ? script.runTogether(call.keys(), call.asked())
            : script.run(call.keys(), call.asked());
    answer.whenComplete(
        (bytes, failure) -> {
          // First the next call, so that Redis works while answers are handed out.
          calls.decrementAndGet();
          drive();
          if (together && isApart(failure)) {
            askApart(asked);
          } else {
            finish(asked, call, bytes, failure);
          }
        });
  }

  private static boolean isApart(@Nullable Throwable failure) {
    return failure != null && Conversations.causeOf(failure) instanceof KeysApartException;
  }

  /** Asks for each identifier by itself, however many calls are under way: it will pass. */
  private void askApart(List<Waiting> asked) {
    asked.stream()
        .collect(Collectors.groupingBy(each -> each.ask().identifiers()))
        .values()
        .forEach(
            each -> {
              calls.incrementAndGet();
              send(each, false);
            });
  }

  private void finish(
      List<Waiting> asked, ScriptCall call, byte[] answer, @Nullable Throwable failure) {
    if (failure != null) {
      fail(asked, failure);
      return;
    }
    try {
      ScriptCall.Answer read = call.read(answer);
      newestMillis.accumulateAndGet(read.timeMillis(), Math::max);
      for (int i = 0; i < asked.size(); i++) {
        asked.get(i).complete(read.found().get(i));
      }
    } catch (CodecException e) {
      fail(asked, e);
    }
  }
}
