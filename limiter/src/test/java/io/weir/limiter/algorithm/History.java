package io.weir.limiter.algorithm;

import java.util.List;

/**
 * Requests to one limit.
 *
 * @param kind the algorithm
 * @param limit its numbers
 * @param startMillis the time before the first gap
 * @param requests what comes
 */
record History(Kind kind, Limit limit, long startMillis, List<Request> requests) {
  /** One request, so long after the one before it. */
  record Request(long gapMillis, long cost) {}

  /** What one request gets. */
  interface Visitor {
    void request(long nowMillis, long cost);
  }

  /** Goes through the requests in order; returns the time of the last one. */
  long play(Visitor visitor) {
    long nowMillis = startMillis;
    for (Request request : requests) {
      nowMillis += request.gapMillis();
      visitor.request(nowMillis, request.cost());
    }
    return nowMillis;
  }

  /** The row that these requests leave behind. */
  Row row() {
    Row row = Row.absent();
    play((nowMillis, cost) -> row.check(limit, nowMillis, cost));
    return row;
  }

  /** The time of the last request. */
  long endMillis() {
    return play((nowMillis, cost) -> {});
  }

  /** The most that can be admitted at one instant. */
  long most() {
    return limit.requests() == 0 ? 0 : limit.burst();
  }

  History startingAt(long otherStartMillis) {
    return new History(kind, limit, otherStartMillis, requests);
  }
}
