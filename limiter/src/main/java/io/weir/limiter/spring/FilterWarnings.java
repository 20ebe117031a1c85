package io.weir.limiter.spring;

import io.weir.limiter.http.filter.FilterBuilder;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.env.Environment;

/** What is likely wrong about the filter, told at the start: it would only be a limit of nobody. */
final class FilterWarnings {
  private static final String SECURITY = "springSecurityFilterChain";
  private static final String REACTIVE_SECURITY =
      "org.springframework.security.config.annotation.web.reactive.WebFluxSecurityConfiguration"
          + ".WebFilterChainFilter";
  private static final int ORDER_OF_SECURITY = -100;

  private FilterWarnings() {}

  /**
   * A sentence for each.
   *
   * @param believing the strategies for forwarded headers, in lower case, by which the server
   *     itself takes an address that the client may have written
   */
  static List<String> of(
      DomainRules rules,
      FilterBuilder<?> filter,
      int order,
      Set<String> believing,
      BeanFactory beans,
      Environment environment) {
    List<String> warnings = new ArrayList<>();
    int security =
        environment.getProperty("spring.security.filter.order", Integer.class, ORDER_OF_SECURITY);
    if (isBy("user", rules.descriptors())
        && filter.isUsual("user")
        && (beans.containsBean(SECURITY) || beans.containsBean(REACTIVE_SECURITY))
        && order <= security) {
      warnings.add(
          "There are limits by 'user', and weir.filter.order is "
              + order
              + ", before Spring Security ("
              + security
              + "): no user is known there, so they do not hold for requests. Set it to -90, or"
              + " limit by something else.");
    }
    String strategy =
        environment.getProperty("server.forward-headers-strategy", "").toLowerCase(Locale.ROOT);
    if (isBy("address", rules.descriptors())
        && filter.isUsual("address")
        && believing.contains(strategy)) {
      warnings.add(
          "There are limits by 'address', and server.forward-headers-strategy is "
              + strategy
              + ", which takes the address that the client itself may have written. Leave the"
              + " strategy out, and name your proxies in weir.filter.trusted-proxies.");
    }
    String header = environment.getProperty("weir.filter.attributes.address", "");
    if (isBy("address", rules.descriptors()) && !header.isEmpty()) {
      warnings.add(
          "There are limits by 'address', and weir.filter.attributes.address takes it of the header "
              + header
              + ", which the client itself may write. Leave it out, and name your proxies in"
              + " weir.filter.trusted-proxies.");
    }
    if (isBy("api_key", rules.descriptors())
        && filter.attributeNames().contains("api_key")
        && !isBy("address", rules.descriptors())
        && !isBy("all", rules.descriptors())) {
      warnings.add(
          "There are limits by 'api_key', whose keys nobody has checked yet, and none by 'address':"
              + " who makes keys up has a new budget with each. Add one, such as weir.limits.default:"
              + " 100/minute by address.");
    }
    return warnings;
  }

  private static boolean isBy(String key, List<Descriptor> descriptors) {
    return descriptors.stream().anyMatch(it -> it.key().equals(key) || isBy(key, it.children()));
  }

  /** Whether there is anything that the filter could ask about. */
  static boolean hasLimits(List<Descriptor> descriptors) {
    return descriptors.stream().anyMatch(it -> !it.limits().isEmpty() || hasLimits(it.children()));
  }
}
