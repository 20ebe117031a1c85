package io.weir.streams.cli.dev;

import java.util.List;
import java.util.Map;

/**
 * One of the people that the traffic of {@code weir dev} pretends to be.
 *
 * @param name the user id
 * @param manner how they behave
 * @param door where they ask
 * @param attributes what their requests say besides the user id
 * @param requestsPerSecond how often they ask on average
 * @param burst how many requests they send at once
 */
record DevUser(
    String name,
    String manner,
    DevDoor door,
    Map<String, String> attributes,
    double requestsPerSecond,
    int burst) {

  /** Some behave and some do not; the rules of {@code docs/examples/rules.yaml} judge them. */
  static final List<DevUser> CAST =
      List.of(
          new DevUser("alice", "steady", DevDoor.STREAM, asksFor("/items"), 2, 1),
          new DevUser("bob", "comes in bursts", DevDoor.STREAM, asksFor("/items"), 4, 20),
          new DevUser("carol", "guesses passwords", DevDoor.STREAM, asksFor("/login"), 2, 1),
          new DevUser("dave", "queues exports", DevDoor.STREAM, asksFor("/export"), 2, 1),
          new DevUser("erin", "floods", DevDoor.STREAM, asksFor("/items"), 25, 5),
          new DevUser(
              "frank",
              "is staff",
              DevDoor.STREAM,
              Map.of("endpoint", "/items", "plan", "staff"),
              3,
              1));

  /** Those who do not wait for a stream. */
  static final List<DevUser> AT_THE_DOORS =
      List.of(
          new DevUser("grace", "steady", DevDoor.HTTP, asksFor("/items"), 3, 1),
          new DevUser("heidi", "retries at once", DevDoor.HTTP, asksFor("/items"), 12, 2),
          new DevUser("ivan", "comes in bursts", DevDoor.GRPC, asksFor("/items"), 4, 20),
          new DevUser("judy", "guesses passwords", DevDoor.GRPC, asksFor("/login"), 2, 1),
          new DevUser("kim", "floods", DevDoor.EACH, asksFor("/items"), 12, 3));

  private static final List<DevDoor> IN_TURN = List.of(DevDoor.STREAM, DevDoor.HTTP, DevDoor.GRPC);

  private static Map<String, String> asksFor(String endpoint) {
    return Map.of("endpoint", endpoint);
  }

  /** Where the user asks for the request of that number, 0 or more. */
  DevDoor doorOf(long number) {
    return door == DevDoor.EACH ? IN_TURN.get((int) (number % IN_TURN.size())) : door;
  }

  /** How they behave and where they ask, for the table. */
  String who() {
    return manner + door.suffix();
  }

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
