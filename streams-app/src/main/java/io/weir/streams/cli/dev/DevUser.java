package io.weir.streams.cli.dev;

import java.util.List;
import java.util.Map;

/**
 * One of the people that the traffic of {@code weir dev} pretends to be.
 *
 * @param name the user id
 * @param manner how they behave, for the table
 * @param attributes what their requests say besides the user id
 * @param requestsPerSecond how often they ask on average
 * @param burst how many requests they send at once
 */
record DevUser(
    String name,
    String manner,
    Map<String, String> attributes,
    double requestsPerSecond,
    int burst) {

  /** Some behave and some do not; the rules of {@code docs/examples/rules.yaml} judge them. */
  static final List<DevUser> CAST =
      List.of(
          new DevUser("alice", "steady", Map.of("endpoint", "/items"), 2, 1),
          new DevUser("bob", "comes in bursts", Map.of("endpoint", "/items"), 4, 20),
          new DevUser("carol", "guesses passwords", Map.of("endpoint", "/login"), 2, 1),
          new DevUser("dave", "queues exports", Map.of("endpoint", "/export"), 2, 1),
          new DevUser("erin", "floods", Map.of("endpoint", "/items"), 25, 5),
          new DevUser("frank", "is staff", Map.of("endpoint", "/items", "plan", "staff"), 3, 1));

  /**
   * Requests that the user has sent so long after the start, all in all: as many as they ask for on
   * average, rounded down to whole bursts.
   *
   * @param seconds the time since the start
   */
  long dueAfter(double seconds) {
    return (long) (seconds * requestsPerSecond) / burst * burst;
  }
}
