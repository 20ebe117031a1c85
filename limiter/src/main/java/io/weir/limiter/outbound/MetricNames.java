package io.weir.limiter.outbound;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Names of limiters as tags of metrics, a bounded number of them, as long as anybody uses them. */
final class MetricNames {
  /** The tag of all names that there is no room for. */
  static final String OTHER = "other";

  private static final int MAX_NAMES = 200;
  private static final int MAX_CHARS = 120;

  /** By tag. Changed under its monitor, read without it. */
  private final Map<String, Set<Object>> users = new ConcurrentHashMap<>();

  /**
   * The tag of a limiter.
   *
   * @param user who uses it until its release, by identity
   */
  String tag(String name, Object user) {
    String tag = shortened(name);
    if (users.getOrDefault(tag, Set.of()).contains(user)) {
      return tag;
    }
    synchronized (users) {
      if (users.size() >= MAX_NAMES && !users.containsKey(tag)) {
        return OTHER;
      }
      users.computeIfAbsent(tag, it -> ConcurrentHashMap.newKeySet()).add(user);
      return tag;
    }
  }

  /** Somebody does not use tags any more. */
  void release(Object user, Predicate<String> tags) {
    synchronized (users) {
      users.forEach(
          (tag, all) -> {
            if (tags.test(tag)) {
              all.remove(user);
            }
          });
      users.values().removeIf(Set::isEmpty);
    }
  }

  boolean isUsed(String tag) {
    return tag.equals(OTHER) || users.containsKey(tag);
  }

  static String shortened(String name) {
    return name.length() <= MAX_CHARS ? name : name.substring(0, MAX_CHARS);
  }
}
