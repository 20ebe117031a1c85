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
import java.util.List;
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
   * Reads them.
   *
   * @param code rules that are beans
   * @throws RulesException if they make no sense
   */
  static WeirRules read(
      WeirProperties properties,
      List<DomainRules> code,
      Algorithms algorithms,
      ResourceLoader resources) {
    HttpRules.Builder http = HttpRules.builder(properties.domain()).algorithms(algorithms);
    List<DomainRules> others = new ArrayList<>();
    for (DomainRules rules : code) {
      if (rules.domain().equals(properties.domain())) {
        http.rules(rules);
      } else {
        others.add(rules);
      }
    }
    for (RulesFile file : files(properties.rules(), resources)) {
      DomainRules rules = new RulesReader(algorithms).read(file.name(), file.yaml());
      if (rules.domain().equals(properties.domain())) {
        http.file(file.name(), file.yaml());
      } else {
        others.add(rules);
      }
    }
    HttpRules rules = http.limits("weir.limits.", properties.limits()).build();
    return new WeirRules(rules, RuleSet.of(others).with(rules.rules()));
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
