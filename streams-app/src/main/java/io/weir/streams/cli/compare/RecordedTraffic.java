package io.weir.streams.cli.compare;

import io.weir.schemas.Operation;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.JsonLine;
import io.weir.streams.cli.Progress;
import io.weir.streams.compare.Arrival;
import io.weir.streams.compare.Traffic;
import io.weir.streams.config.FileFaults;
import io.weir.streams.gateway.RequestFields;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Traffic from a file of JSON lines, as {@code send} takes them, with the time of each:
 *
 * <pre>
 * {@code {"time": "2026-11-30T18:00:00.123Z", "domain": "api", "attributes": {"user_id": "42"}}}
 * </pre>
 *
 * <p>The requests are judged in the order of their times; the names that {@code send} also knows
 * may stand in a line. Refunds, resets and requests of no cost are left out: what is compared is
 * what limits let through.
 */
final class RecordedTraffic {
  private static final String EXAMPLE =
      "a request is a JSON object, such as {\"time\": …, \"domain\": \"api\", …}";
  private static final List<String> FIELDS =
      List.of("time", "domain", "attributes", "cost", "request_id", "operation", "charged_at");
  private static final String HINT =
      "a line is such as {\"time\": \"2026-11-30T18:00:00.123Z\", \"domain\": \"api\","
          + " \"attributes\": {\"user_id\": \"42\"}}";
  private static final int MOST_SHOWN = 5;

  /** The year 9999, after which times are most likely in another unit. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** So that the sum over all is a number. */
  private static final long MOST_COST = 1_000_000_000_000L;

  private RecordedTraffic() {}

  /**
   * Reads the file.
   *
   * @throws CommandFailure if it cannot be read, or a line of it, or there are too many
   */
  static Traffic read(Path file, Progress progress) {
    List<Arrival> arrivals = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    // Those of one user are often alike.
    Map<Map<String, String>, Map<String, String>> known = new HashMap<>();
    long leftOut = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long number = 0;
      for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          try {
            Optional<Arrival> arrival = arrival(line, known);
            arrival.ifPresent(arrivals::add);
            leftOut += arrival.isPresent() ? 0 : 1;
          } catch (IllegalArgumentException e) {
            mistakes.add(file + ":" + number + ": " + e.getMessage());
          }
        }
        if (mistakes.size() > MOST_SHOWN) {
          break;
        }
        if (arrivals.size() > Traffic.MOST_REQUESTS) {
          throw new CommandFailure(
              String.format(
                  Locale.ROOT, "%s has more than %,d requests", file, Traffic.MOST_REQUESTS),
              "cut a part out of it");
        }
        progress.show("read", number);
      }
    } catch (IOException e) {
      throw new CommandFailure(FileFaults.unreadable(file, e), e);
    } finally {
      progress.clear();
    }
    if (!mistakes.isEmpty()) {
      throw new CommandFailure(String.join("\n", mistakes), HINT);
    }
    if (arrivals.isEmpty()) {
      throw new CommandFailure(file + " has no request that takes something", HINT);
    }
    arrivals.sort(Comparator.comparingLong(Arrival::timeMillis));
    return new Traffic(file.toString(), description(leftOut), arrivals);
  }

  private static String description(long leftOut) {
    return leftOut == 0
        ? "Recorded requests."
        : String.format(
            Locale.ROOT,
            "Recorded requests; %,d that take nothing (refunds, resets, cost 0) are left out.",
            leftOut);
  }

  /** The request of a line; empty where it takes nothing. */
  private static Optional<Arrival> arrival(
      String line, Map<Map<String, String>, Map<String, String>> known) {
    RequestFields fields = new RequestFields(JsonLine.object(line, EXAMPLE), FIELDS);
    Optional<Instant> time = fields.time("time");
    String domain = fields.domain();
    Map<String, String> attributes = Map.copyOf(fields.attributes());
    Operation operation = fields.operation().orElse(Operation.CHECK);
    long cost = fields.number("cost").orElse(1L);
    List<String> mistakes = new ArrayList<>(fields.mistakes());
    if (time.isEmpty() && mistakes.stream().noneMatch(it -> it.startsWith("time "))) {
      mistakes.add("time is missing: when the request came");
    }
    time.filter(it -> it.isBefore(Instant.EPOCH) || it.isAfter(LAST))
        .ifPresent(
            it ->
                mistakes.add(
                    "time is not between 1970 and 9999; a number is in milliseconds since 1970"));
    if (cost < 0 || cost > MOST_COST) {
      mistakes.add("cost is " + cost + "; it must be from 0 to " + MOST_COST);
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
    if (operation != Operation.CHECK || cost == 0) {
      return Optional.empty();
    }
    @Nullable Map<String, String> same = known.putIfAbsent(attributes, attributes);
    return Optional.of(
        new Arrival(
            time.orElseThrow().toEpochMilli(), domain, same == null ? attributes : same, cost));
  }
}
