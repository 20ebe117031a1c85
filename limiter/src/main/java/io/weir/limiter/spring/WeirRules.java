package io.weir.limiter.spring;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.rule.DomainRules;
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
import org.springframework.core.io.ResourceLoader;

/**
 * The rules of all domains, from beans, files and settings. Of the usual domain, the filter needs
 * the routes, too.
 *
 * @param http the rules of the usual domain
 * @param all those and the rules of other domains
 */
record WeirRules(HttpRules http, RuleSet all) {

  /**
   * Reads them. Rules of one domain are added together, wherever they come from, limit by limit as
   * {@link HttpRules} says.
   *
   * @param code rules that are beans
   * @throws RulesException if they make no sense
   */
  static WeirRules read(
      WeirProperties properties,
      List<DomainRules> code,
      Algorithms algorithms,
      ResourceLoader resources) {
    Map<String, Sources> domains = new LinkedHashMap<>();
    domains.put(properties.domain(), new Sources());
    for (DomainRules rules : code) {
      domains.computeIfAbsent(rules.domain(), domain -> new Sources()).code.add(rules);
    }
    for (RulesFile file : files(properties.rules(), resources)) {
      DomainRules rules = new RulesReader(algorithms).read(file.name(), file.yaml());
      Sources sources = domains.computeIfAbsent(rules.domain(), domain -> new Sources());
      sources.files.add(file);
      sources.ofFiles.add(rules);
    }
    Sources usual = Objects.requireNonNull(domains.remove(properties.domain()));
    HttpRules http =
        usual
            .builder(properties.domain(), algorithms)
            .limits("weir.limits.", properties.limits())
            .build();
    List<DomainRules> others = new ArrayList<>();
    domains.forEach((domain, sources) -> others.add(sources.read(domain, algorithms)));
    return new WeirRules(http, RuleSet.of(others).with(http.rules()));
  }

  /** Where the rules of one domain come from. */
  private static final class Sources {
    final List<DomainRules> code = new ArrayList<>();
    final List<RulesFile> files = new ArrayList<>();
    final List<DomainRules> ofFiles = new ArrayList<>();

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
      return all.size() == 1 ? all.get(0) : builder(domain, algorithms).build().rules();
    }
  }

  private static List<RulesFile> files(List<String> rules, ResourceLoader resources) {
    List<RulesFile> files = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      String rule = rules.get(i);
      files.add(
          rule.indexOf('\n') < 0
              ? read(rule, resources)
              : new RulesFile("weir.rules[" + i + "]", rule));
    }
    return files;
  }

  private static RulesFile read(String location, ResourceLoader resources) {
    try {
      return new RulesFile(
          location, resources.getResource(location).getContentAsString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new RulesException("weir.rules: " + location + " cannot be read: " + e, e);
    }
  }
}
