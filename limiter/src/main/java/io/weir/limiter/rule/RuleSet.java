package io.weir.limiter.rule;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of all domains, ready for matching. Immutable and thread-safe: a change gives another
 * set, so that a request is matched under one edition of the rules.
 *
 * <p>Keys and values are matched as pairs, never as a joined string: {@code (a_b, c)} and {@code
 * (a, b_c)} are different.
 */
public final class RuleSet {
  private static final RuleSet EMPTY = new RuleSet(Map.of());

  private final Map<String, CompiledRules> byDomain;

  private RuleSet(Map<String, CompiledRules> byDomain) {
    this.byDomain = byDomain;
  }

  /** No rules. */
  public static RuleSet empty() {
    return EMPTY;
  }

  /** These rules; of several for one domain, the last. */
  public static RuleSet of(DomainRules... rules) {
    return of(List.of(rules));
  }

  /** These rules; of several for one domain, the last. */
  public static RuleSet of(Collection<DomainRules> rules) {
    Map<String, CompiledRules> all = new HashMap<>();
    rules.forEach(each -> all.put(each.domain(), new CompiledRules(each)));
    return new RuleSet(all);
  }

  /** This set with the rules of one domain added, or exchanged for these. */
  public RuleSet with(DomainRules rules) {
    Map<String, CompiledRules> all = new HashMap<>(byDomain);
    all.put(rules.domain(), new CompiledRules(rules));
    return new RuleSet(all);
  }

  /** This set without the rules of one domain. */
  public RuleSet without(String domain) {
    Map<String, CompiledRules> all = new HashMap<>(byDomain);
    all.remove(domain);
    return new RuleSet(all);
  }

  /** The rules of a domain. */
  public Optional<DomainRules> find(String domain) {
    return Optional.ofNullable(byDomain.get(domain)).map(CompiledRules::rules);
  }

  /** The rules of all domains, by name of the domain. */
  public List<DomainRules> domains() {
    return byDomain.keySet().stream().sorted().flatMap(domain -> find(domain).stream()).toList();
  }

  /**
   * The limits that apply to an event. Its attributes walk the tree: at each level, for each
   * attribute, one child (exact value, else the first wildcard in file order, else the bare key; no
   * backtracking); children with different keys are all walked; an attribute is used once on a
   * path. Every node on the way that carries a limit applies, unless another replaces it.
   *
   * <p>An empty value is a value like another, but it identifies nobody.
   *
   * @throws IdentifierException if a rule would limit by an identifier with an empty value, which
   *     would make one budget of all who leave it empty; or if a value that state is kept by is no
   *     valid text
   */
  public Match match(String domain, Map<String, String> attributes) {
    return match(domain, attributes, false);
  }

  /**
   * As above.
   *
   * @param shortKeys whether values of more than {@value ValueHash#MAX_CHARS} characters are told
   *     by their hash in identifiers and keys of state, where rules do not spell them out
   * @throws IdentifierException as above
   */
  public Match match(String domain, Map<String, String> attributes, boolean shortKeys) {
    CompiledRules rules = byDomain.get(domain);
    return rules == null ? new Match(List.of(), false, 0) : rules.match(attributes, shortKeys);
  }

  /**
   * Whose state an event names: the identifiers of all nodes of the first level that its attributes
   * meet, by the rule of {@link #match}, whether or not a limit applies to the event there. Each
   * has the limits that {@link #match} gives for it, which may be none: not one that carries no
   * limit, whose limits are deeper than the event leads, or replaced.
   *
   * @return all of them in rule order; {@link Match#matched} tells whether there is any
   * @throws IdentifierException if the value of one is empty, which names nobody; or if a value
   *     that state is kept by is no valid text
   */
  public Match matchIdentifiers(String domain, Map<String, String> attributes) {
    return matchIdentifiers(domain, attributes, false);
  }

  /**
   * As above.
   *
   * @param shortKeys see {@link #match(String, Map, boolean)}
   * @throws IdentifierException as above
   */
  public Match matchIdentifiers(String domain, Map<String, String> attributes, boolean shortKeys) {
    CompiledRules rules = byDomain.get(domain);
    return rules == null
        ? new Match(List.of(), false, 0)
        : rules.matchIdentifiers(attributes, shortKeys);
  }

  /**
   * The limits that apply to an explicit descriptor, by Envoy's rule: its entries lead down the
   * tree one level each, and only the node that the last entry reaches applies. So this can differ
   * from {@link #match}, where every node on the way does. An empty value is allowed, as in Envoy:
   * whoever spells out a descriptor means it.
   *
   * @throws IdentifierException if a value that state is kept by is no valid text
   */
  public Match matchDescriptor(String domain, List<Entry> entries) {
    return entries.isEmpty()
        ? new Match(List.of(), false, find(domain).map(DomainRules::revision).orElse(0L))
        : matchDescriptors(domain, List.of(RequestedDescriptor.of(entries.toArray(new Entry[0]))))
            .get(0);
  }

  /**
   * The limits that apply to the explicit descriptors of one request, one match for each, in order,
   * by the rule of {@link #matchDescriptor}. A limit of one descriptor may replace one of another.
   *
   * <p>A limit override takes the place of what the rules say, and is always enforced. Where they
   * have one limit for the descriptor, the override is of its algorithm and goes on with its state;
   * else, or where that algorithm cannot count so many, it is a fixed window with a state of its
   * own. In a domain without rules it does nothing, as in Envoy's service.
   *
   * @throws IdentifierException if a value that state is kept by is no valid text
   */
  public List<Match> matchDescriptors(String domain, List<RequestedDescriptor> descriptors) {
    CompiledRules rules = byDomain.get(domain);
    return rules == null
        ? descriptors.stream().map(each -> new Match(List.of(), false, 0)).toList()
        : rules.match(descriptors);
  }
}
