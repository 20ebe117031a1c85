package io.weir.limiter.outbound;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which resource the last answer to a request named, by the method and the path of the request: a
 * server that counts {@code core} and {@code search} apart does not say beforehand what a path
 * counts as. A request that was never answered goes by the longest beginning of its path that was,
 * then by the last answer of all. Bounded; not thread-safe.
 */
final class ResourceMemory {
  private static final int MAX_PLACES = 256;

  /** Longer paths end in names that tell nothing of the resource. */
  private static final int MAX_SEGMENTS = 8;

  /** Those that were named last are last. */
  private final Map<String, String> byPlace = new LinkedHashMap<>();

  void put(Endpoint endpoint, String resource) {
    for (String place : places(endpoint)) {
      // The beginnings of many paths come after each whole one, and so outlive it.
      byPlace.remove(place);
      byPlace.put(place, resource);
    }
    Iterator<String> oldest = byPlace.keySet().iterator();
    while (byPlace.size() > MAX_PLACES) {
      oldest.next();
      oldest.remove();
    }
  }

  Optional<String> find(Endpoint endpoint) {
    if (byPlace.isEmpty()) {
      return Optional.empty();
    }
    return places(endpoint).stream().map(byPlace::get).filter(Objects::nonNull).findFirst();
  }

  /** The request and all that it is a part of, the narrowest first. */
  private static List<String> places(Endpoint endpoint) {
    String method = endpoint.method().orElse("");
    List<String> segments = endpoint.segments();
    List<String> places = new ArrayList<>();
    for (int i = Math.min(segments.size(), MAX_SEGMENTS); i >= 0; i--) {
      places.add(method + " /" + String.join("/", segments.subList(0, i)));
    }
    places.add("");
    return places;
  }
}
