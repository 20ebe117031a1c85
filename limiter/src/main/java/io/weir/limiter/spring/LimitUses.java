package io.weir.limiter.spring;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Tells, when all beans are there, of limits that neither filter nor annotation asks about, as they
 * are by an attribute that requests do not have, and warns of those that are charged twice. Code
 * may ask about any limit at any time, so that nobody does is known of none: a warning is only what
 * looks like a slip. Not thread-safe: the start is of one thread.
 */
final class LimitUses implements SmartInitializingSingleton {
  private static final System.Logger LOG = System.getLogger(LimitUses.class.getName());

  private final String domain;
  private final Supplier<Collection<RateLimitedOperation>> annotations;

  /** By limit, what messages call it, of those that the filter asks about. */
  private final Map<String, String> asked = new TreeMap<>();

  /** By limit, those that the filter does not ask about. */
  private final Map<String, Unasked> unasked = new TreeMap<>();

  private record Unasked(String why, boolean isMisspelt) {}

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
   * Takes note of a limit that the filter asks about.
   *
   * @param origin what messages call it
   */
  void addAsked(String limit, String origin) {
    asked.put(limit, origin);
  }

  /**
   * Takes note of a limit that the filter does not ask about.
   *
   * @param why a sentence without its end
   * @param isMisspelt whether the attribute looks like a misspelt one that requests have
   */
  void addUnasked(String limit, String why, boolean isMisspelt) {
    unasked.put(limit, new Unasked(why, isMisspelt));
  }

  @Override
  public void afterSingletonsInstantiated() {
    Map<String, String> places = new TreeMap<>();
    for (RateLimitedOperation operation : annotations.get()) {
      String of = operation.annotation().domain();
      if (of.isEmpty() || of.equals(domain)) {
        places.putIfAbsent(operation.annotation().rule(), operation.place());
      }
    }
    unasked.forEach(
        (limit, told) -> {
          if (!places.containsKey(limit)) {
            LOG.log(
                told.isMisspelt() ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                told.why()
                    + (told.isMisspelt() ? " " : ". ")
                    + "No @RateLimited names it either: it limits nothing but what code asks.");
          }
        });
    asked.forEach(
        (limit, origin) -> {
          String place = places.get(limit);
          if (place != null) {
            LOG.log(
                System.Logger.Level.WARNING,
                origin
                    + " is charged by the filter and by "
                    + place
                    + ": a request that makes the call is charged twice. Give the method a limit"
                    + " of its own, by an attribute that requests do not have.");
          }
        });
  }
}
