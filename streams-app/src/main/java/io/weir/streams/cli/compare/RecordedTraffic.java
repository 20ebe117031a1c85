package io.weir.streams.cli.compare;

import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.JsonLine;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Traffic from a file of JSON lines, as {@code send} takes them, with the time of each:
 *
 * <pre>
 * {@code {"time": "2026-11-30T18:00:00.123Z", "domain": "api", "attributes": {"user_id": "42"}}}
 * </pre>
 *
 * <p>The requests are judged in the order of their times; what {@code send} also knows and is of no
 * use here may stand in a line.
 */
final class RecordedTraffic {
  private static final String EXAMPLE =
      "a request is a JSON object, such as {\"time\": …, \"domain\": \"api\", …}";
  private static final List<String> FIELDS =
      List.of("time", "domain", "attributes", "cost", "request_id", "operation", "charged_at");
  private static final int MOST_SHOWN = 5;

  private RecordedTraffic() {}

  /**
   * Reads the file.
   *
   * @throws CommandFailure if it cannot be read, or a line of it
   */
  static Traffic read(Path file) {
    List<Arrival> arrivals = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long number = 0;
      for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          try {
            arrivals.add(arrival(line));
          } catch (IllegalArgumentException e) {
            mistakes.add(file + ":" + number + ": " + e.getMessage());
          }
        }
        if (mistakes.size() > MOST_SHOWN) {
          break;
        }
      }
    } catch (IOException e) {
      throw new CommandFailure(FileFaults.unreadable(file, e), e);
    }
    if (!mistakes.isEmpty()) {
      throw new CommandFailure(String.join("\n", mistakes), "each line is one request");
    }
    if (arrivals.isEmpty()) {
      throw new CommandFailure(file + " has no request", "each line is one request");
    }
    arrivals.sort(Comparator.comparingLong(Arrival::timeMillis));
    return new Traffic(file.toString(), "Recorded requests.", arrivals);
  }

  private static Arrival arrival(String line) {
    RequestFields fields = new RequestFields(JsonLine.object(line, EXAMPLE), FIELDS);
    Optional<Instant> time = fields.time("time");
    String domain = fields.domain();
    var attributes = fields.attributes();
    long cost = fields.number("cost").orElse(1L);
    List<String> mistakes = new ArrayList<>(fields.mistakes());
    if (time.isEmpty() && mistakes.stream().noneMatch(it -> it.startsWith("time "))) {
      mistakes.add("time is missing: when the request came");
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
    return new Arrival(time.orElseThrow().toEpochMilli(), domain, attributes, cost);
  }
}
