package io.weir.limiter.rule;

import java.util.List;

/**
 * What was read from rules files.
 *
 * @param domains the rules of each domain, in the order of the files
 * @param warnings what is accepted but was hardly meant so, one line each, with file and line
 */
public record LoadedRules(List<DomainRules> domains, List<String> warnings) {

  /** Copies the lists. */
  public LoadedRules {
    domains = List.copyOf(domains);
    warnings = List.copyOf(warnings);
  }
}
