package io.weir.limiter.outbound;

import java.util.ArrayList;
import java.util.List;

/**
 * What is run after a step under a lock: first the turns that ended, then what listeners are told
 * of it, and each of them whatever becomes of those before. Not thread-safe.
 */
final class After {
  private final List<Runnable> completions = new ArrayList<>();
  private final List<Runnable> news = new ArrayList<>();

  void complete(Runnable completion) {
    completions.add(completion);
  }

  void add(Runnable told) {
    news.add(told);
  }

  void run() {
    completions.forEach(Listeners::runSafely);
    news.forEach(Listeners::runSafely);
  }
}
