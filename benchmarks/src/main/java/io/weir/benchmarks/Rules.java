package io.weir.benchmarks;

import io.weir.limiter.Verdict;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.util.Map;

/** The rules that benchmarks judge by, and requests that meet them. */
public enum Rules {
  /** One rule, requests of one attribute: the least that a check can do. */
  ONE_RULE(
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: LIMIT
      """) {
    @Override
    public Map<String, String> attributes(String user) {
      return Map.of("user_id", user);
    }
  },

  /**
   * A tree as services have them, requests of four attributes. Two limits of one identifier apply:
   * that of the user, and below it that of the endpoint, which a wildcard matches; everything else
   * is there to be passed by.
   */
  TREE(
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: LIMIT
          descriptors:
            - key: endpoint
              value: /login
              rate_limit: {unit: minute, requests_per_unit: 3, algorithm: sliding_window_log}
            - key: endpoint
              value: /static/*
              rate_limit: {unlimited: true}
            - key: endpoint
              value: /export/*
              rate_limit: LIMIT
            - key: plan
              value: staff
              rate_limit: {unit: second, requests_per_unit: 100}
        - key: user_id
          value: blocked-*
          rate_limit: {unit: day, requests_per_unit: 0}
        - key: ip
          value: 10.*
          shadow_mode: true
          rate_limit: {unit: second, requests_per_unit: 1000}
        - key: tenant
          rate_limit: {unit: hour, requests_per_unit: 100000}
      """) {
    @Override
    public Map<String, String> attributes(String user) {
      return Map.of(
          "user_id", user, "endpoint", "/export/report.csv", "method", "GET", "ip", "203.0.113.7");
    }
  };

  /** More than a machine asks for. */
  static final int ENOUGH_PER_SECOND = 1_000_000_000;

  /** The domain of the rules. */
  public static final String DOMAIN = "api";

  private final String template;

  Rules(String template) {
    this.template = template;
  }

  /** Facts about a request of a user. */
  public abstract Map<String, String> attributes(String user);

  /**
   * The rules, ready for matching.
   *
   * @param algorithm name of the algorithm of the limits that apply
   * @param verdict whether the limits admit all that a benchmark can ask for, or one request only
   */
  public RuleSet load(String algorithm, Verdict verdict) {
    String numbers =
        verdict == Verdict.ALLOW
            ? "unit: second, requests_per_unit: " + ENOUGH_PER_SECOND
            : "unit: year, requests_per_unit: 1";
    String yaml = template.replace("LIMIT", "{" + numbers + ", algorithm: " + algorithm + "}");
    return RuleSet.of(RulesReader.standard().read(name(), yaml));
  }
}
