package io.weir.limiter.http;

import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The routes that limits know: of a request, the most specific one that matches is its attribute
 * {@code route}. More specific is, at the first segment from the left where two differ, the literal
 * before one of any name, and that before {@code **}; of the same path, that with a method.
 * Immutable and thread-safe.
 */
public final class Routes {
  /** The name of the attribute. */
  public static final String ATTRIBUTE = "route";

  private final List<RoutePattern> patterns;

  private Routes(List<RoutePattern> patterns) {
    this.patterns = patterns;
  }

  /**
   * These routes; of the same one several times, one.
   *
   * @throws IllegalArgumentException if two match the same requests and are written differently
   */
  public static Routes of(Collection<RoutePattern> patterns) {
    List<RoutePattern> known = new ArrayList<>();
    for (RoutePattern pattern : patterns) {
      Optional<RoutePattern> like = known.stream().filter(pattern::isLike).findFirst();
      if (like.isEmpty()) {
        known.add(pattern);
      } else if (!like.get().equals(pattern)) {
        throw new IllegalArgumentException(
            "the routes '"
                + like.get()
                + "' and '"
                + pattern
                + "' are the same; write both in one way");
      }
    }
    known.sort(RoutePattern.MOST_SPECIFIC_FIRST);
    return new Routes(List.copyOf(known));
  }

  /**
   * The routes that rules speak of: each value of the attribute {@code route} in their tree.
   *
   * @throws IllegalArgumentException if one is no route, or two are the same
   */
  public static Routes in(DomainRules rules) {
    List<RoutePattern> found = new ArrayList<>();
    collect(rules.descriptors(), found);
    return of(found);
  }

  private static void collect(List<Descriptor> descriptors, List<RoutePattern> found) {
    for (Descriptor descriptor : descriptors) {
      if (descriptor.key().equals(ATTRIBUTE)) {
        descriptor.value().map(RoutePattern::parse).ifPresent(found::add);
      }
      collect(descriptor.children(), found);
    }
  }

  /**
   * The most specific route of a request.
   *
   * @param method as {@link HttpMethods#of} has it
   * @param path as the container decoded it
   */
  public Optional<RoutePattern> find(String method, String path) {
    List<String> segments = RequestPaths.segments(path);
    return patterns.stream().filter(pattern -> pattern.matches(method, segments)).findFirst();
  }
}
