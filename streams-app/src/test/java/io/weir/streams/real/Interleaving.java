package io.weir.streams.real;

import io.weir.limiter.algorithm.StoredLimit;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds an order of events that come in several lanes, each lane's order kept, in which each of
 * them comes to what was seen of it. What is tried first is the first lane; so events that can wait
 * stand in the last.
 */
final class Interleaving {
  /** Far more than an honest run needs; without a bound a broken one might be tried for ever. */
  private static final int MOST_DEAD_ENDS = 300_000;

  /** Something that happened to the rows of one identifier. */
  interface Event {
    /** The rows after it; empty where it would not come to what was seen. */
    Optional<Map<String, StoredLimit>> after(Map<String, StoredLimit> rows);

    /** What it would come to instead. */
    String instead(Map<String, StoredLimit> rows);
  }

  /** Rows after so many events of each lane. */
  private record Point(List<Integer> taken, Map<String, StoredLimit> rows) {
    int events() {
      return taken.stream().mapToInt(Integer::intValue).sum();
    }

    Point after(int lane, Map<String, StoredLimit> next) {
      return new Point(
          IntStream.range(0, taken.size())
              .mapToObj(i -> i == lane ? taken.get(i) + 1 : taken.get(i))
              .toList(),
          next);
    }
  }

  private static final class Visit {
    final Point point;
    int nextLane;

    Visit(Point point) {
      this.point = point;
    }
  }

  private final List<List<Event>> lanes;
  private final Set<Point> deadEnds = new HashSet<>();
  private final Deque<Visit> path = new ArrayDeque<>();
  private Point furthest;

  private Interleaving(List<? extends List<? extends Event>> lanes) {
    this.lanes = lanes.stream().map(lane -> List.<Event>copyOf(lane)).toList();
    this.furthest = new Point(Collections.nCopies(lanes.size(), 0), Map.of());
    path.push(new Visit(furthest));
  }

  /**
   * The rows after all events of all lanes.
   *
   * @throws AssertionError if no order fits; says how far one came, and what kept it
   */
  static Map<String, StoredLimit> rowsAfter(
      String identifier, List<? extends List<? extends Event>> lanes) {
    Interleaving search = new Interleaving(lanes);
    return search
        .find()
        .orElseThrow(() -> new AssertionError(identifier + ": " + search.obstacle()));
  }

  private Optional<Map<String, StoredLimit>> find() {
    while (!path.isEmpty() && deadEnds.size() < MOST_DEAD_ENDS) {
      Visit visit = path.element();
      if (visit.nextLane == lanes.size()) {
        if (isEnd(visit.point)) {
          return Optional.of(visit.point.rows());
        }
        deadEnds.add(visit.point);
        path.pop();
      } else {
        int lane = visit.nextLane++;
        next(visit.point, lane)
            .flatMap(event -> event.after(visit.point.rows()))
            .ifPresent(rows -> visit(visit.point.after(lane, rows)));
      }
    }
    return Optional.empty();
  }

  private void visit(Point point) {
    if (!deadEnds.isEmpty() && deadEnds.contains(point)) {
      return;
    }
    if (point.events() > furthest.events()) {
      furthest = point;
    }
    path.push(new Visit(point));
  }

  private Optional<Event> next(Point point, int lane) {
    List<Event> events = lanes.get(lane);
    int taken = point.taken().get(lane);
    return taken < events.size() ? Optional.of(events.get(taken)) : Optional.empty();
  }

  private boolean isEnd(Point point) {
    return IntStream.range(0, lanes.size()).allMatch(lane -> next(point, lane).isEmpty());
  }

  private String obstacle() {
    StringBuilder text = new StringBuilder("no order of its events was found that fits (");
    text.append(deadEnds.size()).append(" dead ends); after ").append(furthest.taken());
    for (int lane = 0; lane < lanes.size(); lane++) {
      next(furthest, lane)
          .ifPresent(
              event ->
                  text.append("\nnext is ")
                      .append(event)
                      .append("\nwhich would be ")
                      .append(event.instead(furthest.rows())));
    }
    return text.toString();
  }
}
