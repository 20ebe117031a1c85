package io.weir.limiter.http;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DescriptorBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.LoadedRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.rule.RulesWatch;
import io.weir.limiter.words.Quoted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The rules of one domain for an HTTP server, from code, a rules file and the environment, and the
 * routes that they speak of. Immutable and thread-safe.
 *
 * <pre>{@code
 * HttpRules rules =
 *     HttpRules.builder("api")
 *         .limit("default", "100/minute by address")
 *         .file(Path.of("rules.yaml"))
 *         .environment(System.getenv())
 *         .build();
 * }</pre>
 *
 * <p><b>Which wins.</b> Each limit has a name: that of the variable, that in the file or in code,
 * or its path in the tree ({@code api.address}). Of the limits of one name that of the environment
 * stands, else that of the file, else that of code, whatever the order of the calls. Limits of
 * other names stay beside it. Where two come beside each other at one place of the tree, which has
 * {@code shadow_mode}, {@code quota_mode} or {@code share_threshold} for one of them alone, that is
 * an error, as such a flag is of all limits there.
 *
 * <p><b>Variables</b> are named {@code WEIR_LIMITS_…}: {@code WEIR_LIMITS_PER_USER} is the limit
 * {@code per-user}. Each says one limit in one line:
 *
 * <pre>{@code
 * [METHOD] [PATH] RATE [by ATTRIBUTE,…] [algorithm=…] [burst=…] [on_error=…] [replaces=NAME,…]
 *
 * WEIR_LIMITS_LOGIN="POST /login 5/minute by address algorithm=token_bucket burst=10"
 * WEIR_LIMITS_DEFAULT="100/minute by address"
 * WEIR_LIMITS_EXPORT="GET /export/** 10/30seconds by user"
 * WEIR_LIMITS_ALL="1000/second by all"
 * WEIR_LIMITS_HEALTH="GET /health unlimited by address replaces=default"
 * WEIR_LIMITS_LEGACY=off
 * }</pre>
 *
 * <ul>
 *   <li>Method and path are a route, as {@link RoutePattern} says; without one it is of all
 *       requests. A request has one route, the most specific that any limit names: {@code /**} is
 *       of those that have no narrower one.
 *   <li>The rate is requests per unit, or per so many units, or {@code unlimited}.
 *   <li>Who is limited is said by attributes, each combination for itself; a request that lacks one
 *       is not limited by it. Without any, all requests of the route share one budget; {@code by
 *       all} is one budget of all requests whatever their route.
 *   <li>The options are those of rules files, and so are the units.
 *   <li>{@code off} takes the limit of that name out of the file and of code.
 * </ul>
 */
public final class HttpRules {
  /** What the names of variables begin with. */
  public static final String PREFIX = "WEIR_LIMITS_";

  private static final System.Logger LOG = System.getLogger(HttpRules.class.getName());

  private final DomainRules rules;
  private final RuleSet ruleSet;
  private final Routes routes;
  private final Map<String, List<String>> keys;
  private final Map<String, LimitLines.Line> lines;

  private HttpRules(
      DomainRules rules,
      Routes routes,
      Map<String, List<String>> keys,
      Map<String, LimitLines.Line> lines) {
    this.rules = rules;
    this.ruleSet = RuleSet.of(rules);
    this.routes = routes;
    this.keys = keys;
    this.lines = lines;
  }

  /**
   * A builder without any limit.
   *
   * @throws IllegalArgumentException if the domain is empty
   */
  public static Builder builder(String domain) {
    if (domain.isEmpty()) {
      throw new IllegalArgumentException(
          "the domain of the rules is empty; it must be a name, such as api");
    }
    return new Builder(domain);
  }

  /** The rules. */
  public DomainRules rules() {
    return rules;
  }

  /** The rules alone as a set. */
  public RuleSet ruleSet() {
    return ruleSet;
  }

  /** The routes that the rules speak of. */
  public Routes routes() {
    return routes;
  }

  /** Of each limit that is said in a line, by which attributes it is, {@code route} the last. */
  public Map<String, List<String>> keys() {
    return keys;
  }

  /**
   * Who says a limit, for messages.
   *
   * @return of one that is said in a line the variable ({@code WEIR_LIMITS_LOGIN}) or setting, else
   *     {@code the limit login}
   */
  public String origin(String limit) {
    LimitLines.Line line = lines.get(limit);
    return line == null ? "the limit " + limit : line.origin();
  }

  /**
   * A message about a limit.
   *
   * @param what a sentence without its end
   * @return it behind who says the limit and, where that is a line, the line
   */
  public String problem(String limit, String what) {
    LimitLines.Line line = lines.get(limit);
    return line == null ? origin(limit) + ": " + what : line.problem(what);
  }

  /** The domain and the names of its limits. */
  @Override
  public String toString() {
    RulesLayers layers = new RulesLayers(rules.domain());
    layers.add(rules);
    return "HttpRules[" + rules.domain() + ": " + String.join(", ", layers.names()) + "]";
  }

  /** Where the rules come from. Not thread-safe. */
  public static final class Builder {
    private final String domain;
    private final List<DomainRules> code = new ArrayList<>();
    private final List<Supplier<RulesFile>> files = new ArrayList<>();
    private final List<Path> paths = new ArrayList<>();
    private final LimitLines lines = new LimitLines();
    private Algorithms algorithms = Algorithms.standard();

    private Builder(String domain) {
      this.domain = domain;
    }

    /** The algorithms that limits may name; the library's by default. */
    public Builder algorithms(Algorithms newAlgorithms) {
      this.algorithms = newAlgorithms;
      return this;
    }

    /**
     * Adds rules of code.
     *
     * @throws IllegalArgumentException if they are of another domain
     */
    public Builder rules(DomainRules rules) {
      requireDomain("the rules given in code", rules.domain());
      code.add(rules);
      return this;
    }

    /** Adds rules of code. */
    public Builder rules(DescriptorBuilder... descriptors) {
      code.addAll(DomainRules.load(domain, algorithms, List.of(descriptors)).domains());
      return this;
    }

    /**
     * Adds a limit of code in one line.
     *
     * @throws IllegalArgumentException if the name is empty, or has characters that are not to be
     *     seen
     */
    public Builder limit(String name, String line) {
      if (name.isBlank() || !Quoted.isSeen(name)) {
        throw new IllegalArgumentException(
            "the limit's name is '"
                + Quoted.text(name)
                + "'; it must be a word in one line, such as per-user");
      }
      lines.addOfCode(name, line);
      return this;
    }

    /** Adds a rules file, which is read when the rules are built. */
    public Builder file(Path path) {
      files.add(() -> RulesFile.of(path));
      paths.add(path);
      return this;
    }

    /** Adds the text of a rules file, which messages call by a name. */
    public Builder file(String name, String yaml) {
      RulesFile file = new RulesFile(name, yaml);
      files.add(() -> file);
      return this;
    }

    /**
     * Adds the limits that variables say; other variables mean nothing, but {@code WEIR_LIMIT_…}
     * without an S is taken for a mistake.
     */
    public Builder environment(Map<String, String> variables) {
      Objects.requireNonNull(variables, "the variables are null; give those of System.getenv()");
      lines.addOfVariables(variables);
      return this;
    }

    /**
     * Adds a limit that stands where those of the environment do, from a setting of a framework
     * say. Of these {@code false} is {@code off}, which YAML makes of it, and to turn off what is
     * not there is only warned of: the settings may be for several applications.
     *
     * @param origin what messages call the setting: {@code weir.limits.per-user}
     * @param name the limit's name: {@code per-user}
     */
    public Builder setting(String origin, String name, String line) {
      lines.addOfSetting(origin, name, line);
      return this;
    }

    /**
     * Adds names of limits that settings say and other settings stand over: to turn one of them off
     * is what is meant, and not warned of.
     */
    public Builder mayTurnOff(Collection<String> names) {
      lines.mayTurnOff(names);
      return this;
    }

    /**
     * The rules.
     *
     * @throws RulesException if they make no sense, or a file cannot be read: a line for each
     *     problem, which names the file and the line there, or the variable and its value
     */
    public HttpRules build() {
      return build(read());
    }

    /**
     * The rules, made anew when what is in the files changes; all else stays what it is now. What
     * makes no sense then is logged, and leaves the rules before it in force.
     *
     * <pre>{@code
     * RulesWatch<HttpRules> rules =
     *     HttpRules.builder("api").file(Path.of("rules.yaml")).watch(Duration.ofSeconds(1));
     * RateLimiter limiter = new RuleBasedRateLimiter(
     *     () -> rules.get().ruleSet(), InMemoryBackend.builder().build(), InstantSource.system());
     * RateLimitFilter filter = RateLimitFilter.builder(limiter).rules(rules).build();
     * }</pre>
     *
     * @param interval the time between two looks, above 0; a change is in force after the second
     *     look that finds it
     * @return what looks until it is closed
     * @throws IllegalArgumentException if the interval is not above 0
     * @throws IllegalStateException if no file is named by its path
     * @throws RulesException as of {@link #build}
     */
    public RulesWatch<HttpRules> watch(Duration interval) {
      if (paths.isEmpty()) {
        throw new IllegalStateException(
            "there is nothing to watch; name a rules file by its path: file(Path.of(…))");
      }
      Builder now = copy();
      String what = paths.stream().map(Path::toString).collect(Collectors.joining(", "));
      RulesWatch<HttpRules> watch = new RulesWatch<>(what, now::read, now::build);
      watch.start(interval);
      return watch;
    }

    /** What is added to this builder later is no part of what is watched. */
    private Builder copy() {
      Builder copy = new Builder(domain);
      copy.code.addAll(code);
      copy.files.addAll(files);
      copy.paths.addAll(paths);
      copy.lines.addAll(lines);
      copy.algorithms = algorithms;
      return copy;
    }

    private List<RulesFile> read() {
      return files.stream().map(Supplier::get).toList();
    }

    private HttpRules build(List<RulesFile> texts) {
      RulesLayers layers = new RulesLayers(domain);
      code.forEach(layers::add);
      LineLayers ofLines = new LineLayers(lines, layers, domain, algorithms);
      ofLines.addCode();
      Set<String> others = new HashSet<>(layers.names());
      others.addAll(lines.namesOfEnvironment());
      LoadedRules ofTexts =
          new RulesReader(algorithms).mergingDomains().besideLimits(others).read(texts);
      ofTexts.warnings().forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
      for (DomainRules rules : ofTexts.domains()) {
        requireDomain("the rules of the file", rules.domain());
        layers.add(rules);
        ofLines.replacedBy(rules);
      }
      ofLines.addEnvironment();
      DomainRules rules = layers.build(algorithms);
      ofLines.requireReplaced(rules);
      return of(rules, ofLines);
    }

    private static HttpRules of(DomainRules rules, LineLayers ofLines) {
      try {
        return new HttpRules(
            rules, Routes.in(rules), Map.copyOf(ofLines.keys()), Map.copyOf(ofLines.inForce()));
      } catch (IllegalArgumentException e) {
        throw new RulesException(String.valueOf(e.getMessage()), e);
      }
    }

    private void requireDomain(String what, String other) {
      if (!other.equals(domain)) {
        throw new RulesException(
            what + " are of the domain '" + other + "'; they must be of '" + domain + "'");
      }
    }
  }
}
