package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads rules files: YAML as envoyproxy/ratelimit reads it, with the same complaints about the same
 * mistakes, and Weir's own keys. Immutable and thread-safe.
 */
public final class RulesReader {
  private final Algorithms algorithms;
  private final boolean mergeDomains;

  /** A reader for files that may name these algorithms. */
  public RulesReader(Algorithms algorithms) {
    this(algorithms, false);
  }

  private RulesReader(Algorithms algorithms, boolean mergeDomains) {
    this.algorithms = algorithms;
    this.mergeDomains = mergeDomains;
  }

  /** A reader for the algorithms of the library. */
  public static RulesReader standard() {
    return new RulesReader(Algorithms.standard());
  }

  /** A reader that adds the files of one domain together, where this one refuses the second. */
  public RulesReader mergingDomains() {
    return new RulesReader(algorithms, true);
  }

  /**
   * Reads one file's text.
   *
   * @param name what messages call it
   * @throws RulesException if the rules make no sense; each line of the message begins with {@code
   *     name:line:}
   */
  public DomainRules read(String name, String yaml) {
    return read(List.of(new RulesFile(name, yaml))).domains().get(0);
  }

  /**
   * Reads one file.
   *
   * @throws RulesException if the file cannot be read or the rules make no sense
   */
  public DomainRules read(Path path) {
    return read(List.of(RulesFile.of(path))).domains().get(0);
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
          new RulesAssembler(algorithms, problems)
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
    if (first.isEmpty()) {
      drafts.add(draft);
    } else if (mergeDomains) {
      first.get().descriptors().addAll(draft.descriptors());
    } else {
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
