package io.weir.limiter.http;

import java.util.Map;

/** Rules of lines, each given by a variable of the environment. */
abstract class HttpRulesKit {
  static HttpRules environment(Map<String, String> variables) {
    return HttpRules.builder("api").environment(variables).build();
  }

  static HttpRules line(String line) {
    return environment(Map.of("WEIR_LIMITS_LOGIN", line));
  }
}
