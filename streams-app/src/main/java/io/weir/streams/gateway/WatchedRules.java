package io.weir.streams.gateway;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.LoadedRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.rules.RulesDocuments;
import io.weir.streams.topology.RulesMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules of a file, or of the files of a directory, read anew when what is in them changes. They are
 * compared by what is in them, at intervals: so it does not matter how they are exchanged, by an
 * editor that replaces the file or by Kubernetes, which moves a symbolic link above it. A change is
 * put in force when two looks in a row find the same: a file that is still being written may make
 * sense by half.
 *
 * <p>Rules that make no sense are told once and leave those before them in force, all of them. The
 * revision counts the editions that this process has put in force.
 */
public final class WatchedRules implements GatewayRules {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedRules.class);
  private static final Pattern RULES_FILE = Pattern.compile("[^.].*\\.ya?ml");

  private final Path path;
  private final RulesReader reader;
  private final RulesMetrics metrics;
  private final Duration interval;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "weir-rules");
            thread.setDaemon(true);
            return thread;
          });

  private volatile RuleSet current;
  private volatile Optional<String> trouble = Optional.empty();
  private List<RulesFile> seen;
  private List<RulesFile> lastFound;
  private long revision;

  /**
   * Reads the rules for the first time.
   *
   * @param path the file or the directory
   * @param interval the time between two looks
   * @throws RulesException if they make no sense, or cannot be read
   */
  public WatchedRules(Path path, RulesReader reader, RulesMetrics metrics, Duration interval) {
    this.path = path;
    this.reader = reader;
    this.metrics = metrics;
    this.interval = interval;
    this.seen = texts();
    this.lastFound = seen;
    this.current = read(seen);
  }

  @Override
  public void start() {
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(
            this::look, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public CompletableFuture<Void> loaded() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public RuleSet current() {
    return current;
  }

  @Override
  public Optional<String> trouble() {
    return trouble;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** Whatever happens, the next look comes. */
  void look() {
    try {
      List<RulesFile> found = texts();
      boolean isSettled = found.equals(lastFound);
      lastFound = found;
      if (found.equals(seen)) {
        trouble = Optional.empty();
      } else if (isSettled) {
        current = read(found);
        seen = found;
        trouble = Optional.empty();
      }
    } catch (RulesException e) {
      reject(e);
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  /** What nobody expects, told once as well. */
  private void report(Throwable e) {
    Optional<String> why = Optional.of(path + " cannot be read: " + e);
    if (!trouble.equals(why)) {
      trouble = why;
      LOG.error("Rules: {}; those that were in force before stay in force", why.get(), e);
    }
  }

  /** Told once, though it is found at each look. */
  private void reject(RulesException e) {
    String problems = String.join("; ", e.problems());
    if (!trouble.equals(Optional.of(problems))) {
      trouble = Optional.of(problems);
      metrics.rejected();
      e.problems().forEach(problem -> LOG.error("Rules: {}", problem));
      LOG.error("The rules that were in force before stay in force; correct {}", path);
    }
  }

  private RuleSet read(List<RulesFile> files) {
    LoadedRules loaded = RulesDocuments.read(reader, files);
    loaded.warnings().forEach(warning -> LOG.warn("Rules: {}", warning));
    revision++;
    List<DomainRules> domains =
        loaded.domains().stream().map(domain -> domain.withRevision(revision)).toList();
    metrics.loaded();
    LOG.info(
        "Rules of {}, edition {}: {}",
        path,
        revision,
        String.join(", ", domains.stream().map(DomainRules::domain).toList()));
    return RuleSet.of(domains);
  }

  private List<RulesFile> texts() {
    if (!Files.isDirectory(path)) {
      return List.of(RulesFile.of(path));
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(path)) {
      files =
          entries
              .filter(entry -> RULES_FILE.matcher(entry.getFileName().toString()).matches())
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new RulesException(path + ": the directory cannot be read: " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw new RulesException(path + ": there is no .yaml or .yml file in this directory");
    }
    return files.stream().map(RulesFile::of).toList();
  }
}
