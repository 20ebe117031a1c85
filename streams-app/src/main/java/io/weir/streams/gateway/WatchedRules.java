package io.weir.streams.gateway;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.LoadedRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.rule.RulesWatch;
import io.weir.streams.rules.RulesDocuments;
import io.weir.streams.topology.RulesMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules of a file, or of the files of a directory, read anew when what is in them changes: {@link
 * RulesWatch}. The revision counts the editions that this process has put in force.
 */
public final class WatchedRules implements GatewayRules {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedRules.class);

  private final Path path;
  private final RulesReader reader;
  private final RulesMetrics metrics;
  private final Duration interval;
  private final RulesWatch<RuleSet> watch;
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
    this.watch =
        new RulesWatch<>(
            path.toString(), () -> RulesFile.allIn(path), this::read, new TellingListener());
  }

  @Override
  public void start() {
    watch.start(interval);
  }

  @Override
  public CompletableFuture<Void> loaded() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public RuleSet current() {
    return watch.get();
  }

  @Override
  public Optional<String> trouble() {
    return watch.trouble();
  }

  @Override
  public void close() {
    watch.close();
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

  private final class TellingListener implements RulesWatch.Listener {
    /** Told where they are read, as the first edition is. */
    @Override
    public void reloaded() {}

    @Override
    public void rejected(RulesException why) {
      metrics.rejected();
      why.problems().forEach(problem -> LOG.error("Rules: {}", problem));
      LOG.error("The rules that were in force before stay in force; correct {}", path);
    }

    @Override
    public void failed(Throwable why) {
      LOG.error(
          "Rules: {} cannot be read; those that were in force before stay in force", path, why);
    }
  }
}
