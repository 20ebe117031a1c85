package io.weir.limiter.spring;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Warns, when all beans are there, of limits that nobody asks about, as they are by an attribute
 * that requests do not have, and of those that are charged twice. Not thread-safe: the start is of
 * one thread.
 */
final class LimitUses implements SmartInitializingSingleton {
  private static final System.Logger LOG = System.getLogger(LimitUses.class.getName());

  private final String domain;
  private final Supplier<Collection<RateLimitedOperation>> annotations;

  /** By limit, whether the filter asks about it: nothing, or why it does not. */
  private final Map<String, String> ofFilter = new TreeMap<>();

  /**
   * Nothing is known yet.
   *
   * @param domain that of the filter
   * @param annotations all that were found
   */
  LimitUses(String domain, Supplier<Collection<RateLimitedOperation>> annotations) {
    this.domain = domain;
    this.annotations = annotations;
  }

  /**
   * Takes note of a limit.
   *
   * @param why why the filter does not ask about it; empty where it does
   */
  void add(String limit, String why) {
    ofFilter.put(limit, why);
  }

  @Override
  public void afterSingletonsInstantiated() {
    Map<String, String> asked = new TreeMap<>();
    for (RateLimitedOperation operation : annotations.get()) {
      String of = operation.annotation().domain();
      if (of.isEmpty() || of.equals(domain)) {
        asked.putIfAbsent(operation.annotation().rule(), operation.place());
      }
    }
    ofFilter.forEach(
        (limit, why) -> {
          String place = asked.get(limit);
          if (place == null && !why.isEmpty()) {
            LOG.log(
                System.Logger.Level.WARNING,
                why + ". No @RateLimited names it either: it limits nothing but what code asks.");
          } else if (place != null && why.isEmpty()) {
            LOG.log(
                System.Logger.Level.WARNING,
                "weir.limits."
                    + limit
                    + " is charged by the filter and by "
                    + place
                    + ": a request that makes the call is charged twice. Give the method a limit"
                    + " of its own, by an attribute that requests do not have.");
          }
        });
  }
}
