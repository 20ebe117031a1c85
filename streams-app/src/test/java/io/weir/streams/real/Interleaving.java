package io.weir.streams.real;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.StoredLimitCodec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Finds an order of events that come in several lanes, each lane's order kept, in which each of
 * them comes to what was seen of it, and which leaves the rows that were left. What is tried first
 * is the first lane; so events that can wait stand in the last.
 */
final class Interleaving {
  /** Far more than an honest run needs; without a bound a broken one might be tried for ever. */
  private static final int MOST_DEAD_ENDS = 300_000;

  private static final StoredLimitCodec CODEC = new StoredLimitCodec(Algorithms.standard());

  /** Something that happened to the rows of one identifier. */
  interface Event {
    /** The rows after it; empty where it would not come to what was seen. */
    Optional<Map<String, StoredLimit>> after(Map<String, StoredLimit> rows);

    /** What it would come to instead. */
    String instead(Map<String, StoredLimit> rows);

    /** What happens. */
    Run.Step step();

    /** The event of another lane that it comes after. */
    default Optional<Event> cause() {
      return Optional.empty();
    }
  }

  /** Where an event stands. */
  private record Place(int lane, int index) {}

  /** Rows after so many events of each lane. */
  private record Point(List<Integer> taken, Map<String, StoredLimit> rows) {
    boolean isAfter(Place place) {
      return taken.get(place.lane()) > place.index();
    }

    Mark mark() {
      return new Mark(taken, digest(rows));
    }

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

  /**
   * A point that was given up. Its rows, of which some hold for a thousand requests, would fill the
   * memory, so only their digest is kept.
   */
  private record Mark(List<Integer> taken, String digest) {}

  private static String digest(Map<String, StoredLimit> rows) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(rows)
          .forEach(
              (stateKey, row) -> {
                byte[] bytes = CODEC.encode(row);
                digest.update((stateKey + " " + bytes.length + " ").getBytes(UTF_8));
                digest.update(bytes);
              });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
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
  private final Map<String, StoredLimit> rowsLeft;
  private final IdentityHashMap<Event, Place> places = new IdentityHashMap<>();
  private final Set<Mark> deadEnds = new HashSet<>();
  private final Deque<Visit> path = new ArrayDeque<>();
  private Point furthest;

  private Interleaving(
      List<? extends List<? extends Event>> lanes, Map<String, StoredLimit> rowsLeft) {
    this.lanes = lanes.stream().map(lane -> List.<Event>copyOf(lane)).toList();
    this.rowsLeft = rowsLeft;
    this.furthest = new Point(Collections.nCopies(lanes.size(), 0), Map.of());
    for (int lane = 0; lane < lanes.size(); lane++) {
      for (int index = 0; index < lanes.get(lane).size(); index++) {
        places.put(lanes.get(lane).get(index), new Place(lane, index));
      }
    }
    path.push(new Visit(furthest));
  }

  /**
   * All events of all lanes in an order that fits.
   *
   * @param rowsLeft the rows after all of them
   * @throws AssertionError if no order fits; says how far one came, and what kept it
   */
  static List<Run.Step> order(
      String identifier,
      List<? extends List<? extends Event>> lanes,
      Map<String, StoredLimit> rowsLeft) {
    Interleaving search = new Interleaving(lanes, rowsLeft);
    if (!search.succeeds()) {
      throw new AssertionError(identifier + ": " + search.obstacle());
    }
    return search.steps();
  }

  private boolean succeeds() {
    while (!path.isEmpty() && deadEnds.size() < MOST_DEAD_ENDS) {
      Visit visit = path.element();
      if (isEnd(visit.point) && visit.point.rows().equals(rowsLeft)) {
        return true;
      }
      if (visit.nextLane == lanes.size()) {
        deadEnds.add(visit.point.mark());
        path.pop();
      } else {
        int lane = visit.nextLane++;
        next(visit.point, lane)
            .filter(event -> isCaused(event, visit.point))
            .flatMap(event -> event.after(visit.point.rows()))
            .ifPresent(rows -> visit(visit.point.after(lane, rows)));
      }
    }
    return false;
  }

  private boolean isCaused(Event event, Point point) {
    return event.cause().map(places::get).map(point::isAfter).orElse(true);
  }

  /** Those on the path, which has the newest first. */
  private List<Run.Step> steps() {
    List<Run.Step> steps = new ArrayList<>();
    for (Iterator<Visit> visits = path.descendingIterator(); visits.hasNext(); ) {
      Visit visit = visits.next();
      if (!isEnd(visit.point)) {
        steps.add(next(visit.point, visit.nextLane - 1).orElseThrow().step());
      }
    }
    return steps;
  }

  private void visit(Point point) {
    if (!deadEnds.isEmpty() && deadEnds.contains(point.mark())) {
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
    if (isEnd(furthest)) {
      text.append("\nwhich leaves ").append(furthest.rows());
      text.append("\ninstead of ").append(rowsLeft);
    }
    return text.toString();
  }
}
