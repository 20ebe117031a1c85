package io.weir.limiter.spring;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.LoadedRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * The rules of all domains, from beans, files and settings. Of the usual domain, the filter needs
 * the routes, too.
 *
 * @param http the rules of the usual domain
 * @param all those and the rules of other domains
 */
record WeirRules(HttpRules http, RuleSet all) {
  private static final System.Logger LOG = System.getLogger(WeirRules.class.getName());

  /**
   * Reads them. Rules of one domain are added together, wherever they come from, limit by limit as
   * {@link HttpRules} says.
   *
   * @param limits the lines of the usual domain
   * @param code rules that are beans
   * @throws RulesException if they make no sense
   */
  static WeirRules read(
      WeirProperties properties,
      LimitSettings limits,
      List<DomainRules> code,
      Algorithms algorithms,
      List<RulesFile> files) {
    Map<String, Sources> domains = new LinkedHashMap<>();
    domains.put(properties.domain(), new Sources());
    for (DomainRules rules : code) {
      domains.computeIfAbsent(rules.domain(), domain -> new Sources()).code.add(rules);
    }
    for (RulesFile file : files) {
      LoadedRules loaded = new RulesReader(algorithms).read(List.of(file));
      DomainRules rules = loaded.domains().get(0);
      Sources sources = domains.computeIfAbsent(rules.domain(), domain -> new Sources());
      sources.files.add(file);
      sources.ofFiles.add(rules);
      sources.warnings.addAll(loaded.warnings());
    }
    Sources usual = Objects.requireNonNull(domains.remove(properties.domain()));
    HttpRules.Builder builder =
        WeirStartException.naming(
            "weir.domain", () -> usual.builder(properties.domain(), algorithms));
    limits.addTo(builder);
    HttpRules http = builder.build();
    List<DomainRules> others = new ArrayList<>();
    domains.forEach((domain, sources) -> others.add(sources.read(domain, algorithms)));
    return new WeirRules(http, RuleSet.of(others).with(http.rules()));
  }

  /** Where the rules of one domain come from. */
  private static final class Sources {
    final List<DomainRules> code = new ArrayList<>();
    final List<RulesFile> files = new ArrayList<>();
    final List<DomainRules> ofFiles = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();

    HttpRules.Builder builder(String domain, Algorithms algorithms) {
      HttpRules.Builder builder = HttpRules.builder(domain).algorithms(algorithms);
      code.forEach(builder::rules);
      files.forEach(file -> builder.file(file.name(), file.yaml()));
      return builder;
    }

    /** The rules; of one source as they are, as a route may be something else there. */
    DomainRules read(String domain, Algorithms algorithms) {
      List<DomainRules> all = new ArrayList<>(code);
      all.addAll(ofFiles);
      if (all.size() > 1) {
        return builder(domain, algorithms).build().rules();
      }
      warnings.forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
      return all.get(0);
    }
  }

  /**
   * Where the files of {@code weir.rules} are, or their text.
   *
   * @param rules locations, or texts of several lines
   */
  record Locations(List<String> rules, ResourceLoader resources) {
    /** The files as they are now. */
    List<RulesFile> read() {
      List<RulesFile> files = new ArrayList<>();
      for (int i = 0; i < rules.size(); i++) {
        String rule = rules.get(i);
        files.add(
            isText(rule)
                ? new RulesFile("weir.rules[" + i + "]", rule)
                : WeirRules.read(rule, resources.getResource(rule)));
      }
      return files;
    }

    /** As {@link #read}, where what is no file of a file system is read once. */
    Supplier<List<RulesFile>> readingChanges() {
      List<RulesFile> first = read();
      return () -> {
        List<RulesFile> files = new ArrayList<>(first);
        for (int i = 0; i < rules.size(); i++) {
          if (canChange(rules.get(i))) {
            files.set(i, WeirRules.read(rules.get(i), resources.getResource(rules.get(i))));
          }
        }
        return files;
      };
    }

    /** Whether any is a file of a file system. */
    boolean canChange() {
      return rules.stream().anyMatch(this::canChange);
    }

    private boolean canChange(String rule) {
      return !isText(rule) && resources.getResource(rule).isFile();
    }

    private static boolean isText(String rule) {
      return rule.indexOf('\n') >= 0;
    }
  }

  private static RulesFile read(String location, Resource resource) {
    try {
      return new RulesFile(location, resource.getContentAsString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new RulesException("weir.rules: " + location + " cannot be read: " + e, e);
    }
  }
}
