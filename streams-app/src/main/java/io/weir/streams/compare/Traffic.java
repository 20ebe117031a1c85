package io.weir.streams.compare;

import java.util.List;

/**
 * Requests in the order in which they come. Immutable.
 *
 * @param name what the report calls it
 * @param description one sentence on what it shows, with a full stop
 * @param arrivals the requests
 */
public record Traffic(String name, String description, List<Arrival> arrivals) {
  /** So many requests at most, as they are all kept. */
  public static final int MOST_REQUESTS = 2_000_000;

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Traffic {
    arrivals = List.copyOf(arrivals);
    if (arrivals.isEmpty()) {
      throw new IllegalArgumentException("there is no request");
    }
  }

  /** When the first of them comes, in milliseconds since the epoch. */
  public long startMillis() {
    return arrivals.stream().mapToLong(Arrival::timeMillis).min().orElseThrow();
  }

  /** When the last of them comes, in milliseconds since the epoch. */
  public long endMillis() {
    return arrivals.stream().mapToLong(Arrival::timeMillis).max().orElseThrow();
  }
}
