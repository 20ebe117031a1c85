package io.weir.limiter.outbound;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Threads for calls that block: virtual ones where the JVM has them (21 and later), else daemons.
 */
final class Workers {
  private Workers() {}

  /**
   * A thread for each call at once.
   *
   * @param name what platform threads are called
   */
  static ExecutorService create(String name) {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      // A JVM that has them not, or as a preview that is not enabled.
      return Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
          });
    }
  }
}
