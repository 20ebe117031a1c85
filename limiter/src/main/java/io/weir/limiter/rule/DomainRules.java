package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithms;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * All rules of one domain: a tree of descriptors in file order. Immutable, thread-safe and always
 * valid.
 *
 * <p>In code:
 *
 * <pre>{@code
 * DomainRules.of("api",
 *     key("user_id").limit(perMinute(100)),
 *     key("user_id", "42").limit(perMinute(1000).algorithm(new TokenBucket()).burst(50)));
 * }</pre>
 */
public final class DomainRules {
  /** The most levels that a tree may have. */
  public static final int MAX_LEVELS = 64;

  /** The most characters of a domain: requests cannot name a longer one. */
  public static final int MAX_DOMAIN_CHARS = 256;

  private static final System.Logger LOG = System.getLogger(DomainRules.class.getName());

  private final String domain;
  private final List<Descriptor> descriptors;
  private final long revision;

  DomainRules(String domain, List<Descriptor> descriptors, long revision) {
    this.domain = domain;
    this.descriptors = List.copyOf(descriptors);
    this.revision = revision;
  }

  /**
   * Rules given in code.
   *
   * @param domain the namespace that requests name, 1 to 256 characters
   * @throws RulesException if they make no sense, with the same messages as for a file
   */
  public static DomainRules of(String domain, DescriptorBuilder... descriptors) {
    return of(domain, List.of(descriptors));
  }

  /**
   * Rules given in code.
   *
   * @param domain the namespace that requests name, 1 to 256 characters
   * @throws RulesException if they make no sense, with the same messages as for a file
   */
  public static DomainRules of(String domain, List<DescriptorBuilder> descriptors) {
    return of(domain, Algorithms.standard(), descriptors);
  }

  /**
   * Rules given in code. What is accepted but was hardly meant so is logged: {@code replaces} with
   * a name that no limit has, say.
   *
   * @param domain the namespace that requests name, 1 to 256 characters
   * @param algorithms the algorithms that limits may name
   * @throws RulesException if they make no sense, with the same messages as for a file
   */
  public static DomainRules of(
      String domain, Algorithms algorithms, List<DescriptorBuilder> descriptors) {
    LoadedRules loaded = load(domain, algorithms, descriptors);
    loaded.warnings().forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
    return loaded.domains().get(0);
  }

  /**
   * Rules given in code as {@link #of(String, Algorithms, List)} makes them, for who tells of
   * warnings otherwise.
   *
   * @param domain the namespace that requests name, 1 to 256 characters
   * @param algorithms the algorithms that limits may name
   * @return the rules of the one domain, and warnings that begin with the path in the tree
   * @throws RulesException if they make no sense, with the same messages as for a file
   */
  public static LoadedRules load(
      String domain, Algorithms algorithms, List<DescriptorBuilder> descriptors) {
    Problems problems = new Problems();
    DomainRules rules =
        new RulesAssembler(algorithms, problems, Set.of())
            .assemble(domain, Place.PATH, descriptors);
    problems.throwIfAny();
    return new LoadedRules(List.of(rules), problems.warnings());
  }

  /** The namespace that requests name. */
  public String domain() {
    return domain;
  }

  /** The first level of the tree in file order. */
  public List<Descriptor> descriptors() {
    return descriptors;
  }

  /** Which edition of the domain's rules this is; 0 where nobody counted. */
  public long revision() {
    return revision;
  }

  /** The same rules as another revision. */
  public DomainRules withRevision(long newRevision) {
    return new DomainRules(domain, descriptors, newRevision);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DomainRules that
        && domain.equals(that.domain)
        && descriptors.equals(that.descriptors)
        && revision == that.revision;
  }

  @Override
  public int hashCode() {
    return Objects.hash(domain, descriptors, revision);
  }

  @Override
  public String toString() {
    return domain + descriptors + " revision " + revision;
  }
}
