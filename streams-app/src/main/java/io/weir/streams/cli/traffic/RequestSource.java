package io.weir.streams.cli.traffic;

import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.traffic.RequestLine.BadLineException;
import io.weir.streams.config.FileFaults;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where requests come from. Not thread-safe. */
interface RequestSource {

  /**
   * Hands out all requests.
   *
   * @throws CommandFailure if they cannot be read
   */
  void forEach(Consumer<RequestEvent> action);

  /** Lines so far that are no requests. */
  long badLines();

  /** The same request several times, each with a request_id of its own. */
  static RequestSource repeated(
      String domain,
      Map<String, String> attributes,
      long cost,
      long count,
      Supplier<String> requestIds) {
    Map<String, String> copy = new TreeMap<>(attributes);
    return new RequestSource() {
      @Override
      public void forEach(Consumer<RequestEvent> action) {
        for (long i = 0; i < count; i++) {
          action.accept(
              RequestEvent.newBuilder()
                  .setRequestId(requestIds.get())
                  .setDomain(domain)
                  .setAttributes(copy)
                  .setCost(cost)
                  .build());
        }
      }

      @Override
      public long badLines() {
        return 0;
      }
    };
  }

  /**
   * The lines of a file, which is open from now on until they are handed out.
   *
   * @throws CommandFailure if it cannot be opened
   */
  static RequestSource file(String name, RequestLine lines, BiConsumer<String, String> onBadLine) {
    Path file = path(name);
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("a directory can be opened, but not be read");
      }
      return lines(name, Files.newInputStream(file), lines, onBadLine);
    } catch (IOException e) {
      throw new CommandFailure(
          FileFaults.unreadable(file, e),
          name.contains("=") ? "attributes NAME=VALUE need --domain" : "",
          e);
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new CommandFailure(FileFaults.notAPath(name), e);
    }
  }

  /** The lines of a stream. */
  static RequestSource lines(
      String name, InputStream in, RequestLine lines, BiConsumer<String, String> onBadLine) {
    return new Lines(name, in, lines, onBadLine);
  }

  /** Requests in JSON, one in a line; empty lines are passed over. */
  final class Lines implements RequestSource {
    private final String name;
    private final InputStream in;
    private final RequestLine lines;
    private final BiConsumer<String, String> onBadLine;
    private long badLines;

    private Lines(
        String name, InputStream in, RequestLine lines, BiConsumer<String, String> onBadLine) {
      this.name = name;
      this.in = in;
      this.lines = lines;
      this.onBadLine = onBadLine;
    }

    @Override
    public void forEach(Consumer<RequestEvent> action) {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        long number = 0;
        for (@Nullable String line = reader.readLine(); line != null; line = reader.readLine()) {
          number++;
          if (!line.isBlank()) {
            handOut(line, number, action);
          }
        }
      } catch (IOException e) {
        throw new CommandFailure(name + ": cannot be read to its end", e);
      }
    }

    private void handOut(String line, long number, Consumer<RequestEvent> action) {
      RequestEvent request;
      try {
        request = lines.parse(line);
      } catch (BadLineException e) {
        badLines++;
        onBadLine.accept(name + ":" + number, String.valueOf(e.getMessage()));
        return;
      }
      action.accept(request);
    }

    @Override
    public long badLines() {
      return badLines;
    }
  }
}
