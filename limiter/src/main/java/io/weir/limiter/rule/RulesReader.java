package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads rules files: YAML as envoyproxy/ratelimit reads it, with the same complaints about the same
 * mistakes, and Weir's own keys. Immutable and thread-safe.
 */
public final class RulesReader {
  private static final System.Logger LOG = System.getLogger(RulesReader.class.getName());

  private final Algorithms algorithms;
  private final boolean mergeDomains;
  private final Set<String> namesElsewhere;

  /** A reader for files that may name these algorithms. */
  public RulesReader(Algorithms algorithms) {
    this(algorithms, false, Set.of());
  }

  private RulesReader(Algorithms algorithms, boolean mergeDomains, Set<String> namesElsewhere) {
    this.algorithms = algorithms;
    this.mergeDomains = mergeDomains;
    this.namesElsewhere = namesElsewhere;
  }

  /** A reader for the algorithms of the library. */
  public static RulesReader standard() {
    return new RulesReader(Algorithms.standard());
  }

  /** A reader that adds the files of one domain together, where this one refuses the second. */
  public RulesReader mergingDomains() {
    return new RulesReader(algorithms, true, namesElsewhere);
  }

  /**
   * A reader for files beside which there are other limits, which {@code replaces} may name.
   *
   * @param names the names of these limits
   */
  public RulesReader besideLimits(Collection<String> names) {
    return new RulesReader(algorithms, mergeDomains, Set.copyOf(names));
  }

  /**
   * Reads one file's text. What is accepted but was hardly meant so is logged.
   *
   * @param name what messages call it
   * @throws RulesException if the rules make no sense; each line of the message begins with {@code
   *     name:line:}
   */
  public DomainRules read(String name, String yaml) {
    return readOne(new RulesFile(name, yaml));
  }

  /**
   * Reads one file. What is accepted but was hardly meant so is logged.
   *
   * @throws RulesException if the file cannot be read or the rules make no sense
   */
  public DomainRules read(Path path) {
    return readOne(RulesFile.of(path));
  }

  private DomainRules readOne(RulesFile file) {
    LoadedRules loaded = read(List.of(file));
    loaded.warnings().forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
    return loaded.domains().get(0);
  }

  /**
   * Reads several files.
   *
   * @throws RulesException if the rules make no sense, or two files have one domain and this reader
   *     does not merge
   */
  public LoadedRules read(List<RulesFile> files) {
    Problems problems = new Problems();
    List<DomainDraft> drafts = new ArrayList<>();
    for (RulesFile file : files) {
      new YamlLoader(file.name(), problems)
          .load(file.yaml())
          .flatMap(root -> new RulesNodes(file.name(), problems).domain(root))
          .ifPresent(draft -> add(draft, drafts, problems));
    }
    List<DomainRules> domains = new ArrayList<>();
    for (DomainDraft draft : drafts) {
      domains.add(
          new RulesAssembler(algorithms, problems, namesElsewhere)
              .assemble(draft.domain(), draft.place(), draft.descriptors()));
    }
    problems.throwIfAny();
    return new LoadedRules(domains, problems.warnings());
  }

  private void add(DomainDraft draft, List<DomainDraft> drafts, Problems problems) {
    Optional<DomainDraft> first =
        drafts.stream()
            .filter(before -> before.domain().equals(draft.domain()))
            .filter(before -> !before.domain().isEmpty())
            .findFirst();
    if (first.isPresent() && mergeDomains) {
      first.get().descriptors().addAll(draft.descriptors());
      return;
    }
    // One too many as well, so that what else is wrong in it is told.
    drafts.add(draft);
    if (first.isPresent()) {
      problems.add(
          Problems.Phase.RULES,
          draft.place().of("domain", ""),
          "duplicate domain '"
              + draft.domain()
              + "' in config file; the first is at "
              + first.get().place().of("domain", ""));
    }
  }
}
