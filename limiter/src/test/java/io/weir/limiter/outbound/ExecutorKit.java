package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;

/** Executors whose workers a test moves, and tasks that leave their name when they run. */
abstract class ExecutorKit extends OutboundKit {
  /** A token every 100 ms, 2 at once. */
  static final Limit TEN = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(2);

  final List<String> started = new ArrayList<>();

  /** What the workers were given and did not run yet. */
  final Queue<Runnable> running = new ArrayDeque<>();

  final RateLimitedExecutor.Builder builder() {
    return prepared(RateLimitedExecutor.builder()).name("jobs");
  }

  /** Runs tasks at once, on the thread that gives them. */
  final RateLimitedExecutor.Builder direct() {
    return builder().workers(Runnable::run);
  }

  /** Runs tasks when the test says so. */
  final RateLimitedExecutor.Builder stepped() {
    return builder().workers(running::add);
  }

  final Callable<String> task(String name) {
    return () -> {
      started.add(name);
      return name;
    };
  }
}
