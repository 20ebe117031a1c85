package io.weir.limiter.outbound;

import io.weir.limiter.tck.FakeClock;
import java.time.Duration;

/** Time that passes when a test says so, and what a listener hears. */
abstract class OutboundKit {
  /** Longer than anything takes. */
  static final Duration LONG = Duration.ofDays(2);

  final FakeClock clock = new FakeClock(1_700_000_000_000L);
  final FakeTimer timer = new FakeTimer(clock);
  final Recorder recorder = new Recorder();

  /** The builder, with that time, and with asynchronous calls on the thread that lets them go. */
  final <B extends OutboundBuilder<B>> B prepared(B builder) {
    return builder.clock(clock).timer(timer).executor(Runnable::run).listener(recorder);
  }
}
