package io.weir.streams.topology;

import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.RateLimiterTck;
import io.weir.streams.testkit.WeirDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** The compatibility kit on the topology with keyed input, its rows in RocksDB. */
class KeyedTopologyTckTest extends RateLimiterTck {

  @Override
  protected Subject start(RuleSet rules, Duration lateness) {
    // Not JUnit's temporary directories: jqwik's properties have none.
    Path stateDir = newDirectory();
    WeirDriver driver =
        WeirDriver.open(
            setup ->
                setup
                    .rocksDb(stateDir)
                    .settings(
                        settings ->
                            settings
                                .withLateness(lateness)
                                .withInput(new InputKeying.ByIdentifier(1))));
    return new DirectoryDeleter(new TopologySubject(driver, rules), stateDir);
  }

  /** Deletes the rows' directory after use. */
  private record DirectoryDeleter(TopologySubject subject, Path stateDir) implements Subject {
    @Override
    public io.weir.limiter.Decision decide(io.weir.limiter.Request request, long timestampMillis) {
      return subject.decide(request, timestampMillis);
    }

    @Override
    public io.weir.limiter.Decision refund(
        io.weir.limiter.Request request, long chargedAtMillis, long timestampMillis) {
      return subject.refund(request, chargedAtMillis, timestampMillis);
    }

    @Override
    public io.weir.limiter.Decision reset(io.weir.limiter.Request request, long timestampMillis) {
      return subject.reset(request, timestampMillis);
    }

    @Override
    public void changeRules(RuleSet rules) {
      subject.changeRules(rules);
    }

    @Override
    public void expire() {
      subject.expire();
    }

    @Override
    public void close() {
      subject.close();
      try (Stream<Path> files = Files.walk(stateDir)) {
        files.sorted(Comparator.reverseOrder()).forEach(DirectoryDeleter::delete);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void delete(Path path) {
      try {
        Files.delete(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("weir-tck");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each identifier is judged in its own partition, by the time and the rows there. */
  @Override
  protected boolean boundsDelays() {
    return false;
  }

  @Override
  protected boolean judgesAllIdentifiersInOnePlace() {
    return false;
  }

  /** Events have attributes. */
  @Override
  protected boolean judgesDescriptors() {
    return false;
  }
}
