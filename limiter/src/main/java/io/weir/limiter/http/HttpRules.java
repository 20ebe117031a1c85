package io.weir.limiter.http;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DescriptorBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.rule.RulesWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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

  private HttpRules(DomainRules rules, Routes routes, Map<String, List<String>> keys) {
    this.rules = rules;
    this.ruleSet = RuleSet.of(rules);
    this.routes = routes;
    this.keys = keys;
  }

  /** A builder without any limit. */
  public static Builder builder(String domain) {
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

  /** Where the rules come from. Not thread-safe. */
  public static final class Builder {
    private record Line(String origin, String name, String text, boolean isSetting) {
      boolean isOff() {
        // YAML takes an off without quotes for the word false.
        return text.strip().equals(LimitLine.OFF) || (isSetting && text.strip().equals("false"));
      }
    }

    /** Who writes this means {@link #PREFIX}. */
    private static final String MISSPELT_PREFIX = "WEIR_LIMIT_";

    /** The end of the place of a line's limit in the tree. */
    private static final String PLACE = ".rate_limits[0]: ";

    private final String domain;
    private final List<DomainRules> code = new ArrayList<>();
    private final List<Supplier<RulesFile>> files = new ArrayList<>();
    private final List<Path> paths = new ArrayList<>();
    private final List<Line> ofCode = new ArrayList<>();
    private final List<Line> ofEnvironment = new ArrayList<>();
    private final List<String> misnamed = new ArrayList<>();
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
      code.add(DomainRules.of(domain, algorithms, List.of(descriptors)));
      return this;
    }

    /** Adds a limit of code in one line. */
    public Builder limit(String name, String line) {
      ofCode.add(new Line("the limit " + name, name(name), line, false));
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
      new TreeMap<>(variables)
          .forEach(
              (variable, line) -> {
                if (variable.startsWith(PREFIX)) {
                  String name = variable.substring(PREFIX.length());
                  ofEnvironment.add(new Line(variable, name(name), line, false));
                } else if (variable.startsWith(MISSPELT_PREFIX)) {
                  String name = variable.substring(MISSPELT_PREFIX.length());
                  misnamed.add(variable + " names no limit; it must be " + PREFIX + name);
                }
              });
      return this;
    }

    /**
     * Adds limits that stand where those of the environment do, from settings of a framework say.
     * Of these {@code false} is {@code off}, which YAML makes of it, and to turn off what is not
     * there is only warned of: the settings may be for several applications.
     *
     * @param origin what messages call a setting, up to its name: {@code weir.limits.}
     * @param lines the lines by name
     */
    public Builder limits(String origin, Map<String, String> lines) {
      new TreeMap<>(lines)
          .forEach(
              (name, line) -> ofEnvironment.add(new Line(origin + name, name(name), line, true)));
      return this;
    }

    /** {@code PER_USER} and {@code per.user} are {@code per-user}. */
    private static String name(String name) {
      return name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
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
      copy.ofCode.addAll(ofCode);
      copy.ofEnvironment.addAll(ofEnvironment);
      copy.misnamed.addAll(misnamed);
      copy.algorithms = algorithms;
      return copy;
    }

    private List<RulesFile> read() {
      return files.stream().map(Supplier::get).toList();
    }

    private HttpRules build(List<RulesFile> texts) {
      RulesLayers layers = new RulesLayers(domain);
      Map<String, List<String>> keys = new HashMap<>();
      List<String> problems = new ArrayList<>(misnamed);
      code.forEach(layers::add);
      ofCode.forEach(line -> add(line, layers, keys, problems));
      RulesReader reader = new RulesReader(algorithms).mergingDomains();
      for (DomainRules rules : reader.read(texts).domains()) {
        requireDomain("the rules of the file", rules.domain());
        layers.add(rules);
        RulesLayers ofFiles = new RulesLayers(domain);
        ofFiles.add(rules);
        // These have taken the place of lines of code.
        keys.keySet().removeAll(ofFiles.names());
      }
      // What is off is out of the way of those that come.
      ofEnvironment.stream()
          .sorted(Comparator.comparing(line -> !line.isOff()))
          .forEach(line -> add(line, layers, keys, problems));
      if (!problems.isEmpty()) {
        throw new RulesException(problems);
      }
      keys.keySet().retainAll(layers.names());
      return of(layers.build(algorithms), keys);
    }

    private static HttpRules of(DomainRules rules, Map<String, List<String>> keys) {
      try {
        return new HttpRules(rules, Routes.in(rules), Map.copyOf(keys));
      } catch (IllegalArgumentException e) {
        throw new RulesException(String.valueOf(e.getMessage()), e);
      }
    }

    private void add(
        Line line, RulesLayers layers, Map<String, List<String>> keys, List<String> problems) {
      try {
        if (line.isOff()) {
          turnOff(line, layers);
          return;
        }
        LimitLine limit = LimitLine.parse(line.name(), line.text());
        requireSensible(limit);
        layers.add(limit.path(), limit.name(), limit.limit());
        keys.put(limit.name(), limit.path().stream().map(Entry::key).toList());
      } catch (IllegalArgumentException | RulesException e) {
        problems.add(line.origin() + " is '" + line.text() + "': " + e.getMessage());
      }
    }

    private static void turnOff(Line line, RulesLayers layers) {
      if (layers.remove(line.name())) {
        return;
      }
      String problem =
          "there is no limit " + line.name() + " to turn off; there are " + layers.names();
      if (!line.isSetting()) {
        throw new IllegalArgumentException(problem);
      }
      LOG.log(System.Logger.Level.WARNING, line.origin() + " is off: " + problem);
    }

    /** Lets the rules say what is wrong with the numbers of this line alone. */
    private void requireSensible(LimitLine line) {
      RulesLayers alone = new RulesLayers(domain);
      alone.add(line.path(), line.name(), line.limit());
      try {
        var unused = alone.build(algorithms);
      } catch (RulesException e) {
        String problem = e.problems().get(0);
        // The place in the tree says nothing to who wrote a line.
        throw new RulesException(problem.substring(problem.indexOf(PLACE) + PLACE.length()), e);
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
