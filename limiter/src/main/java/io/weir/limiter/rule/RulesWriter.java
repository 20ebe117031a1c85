package io.weir.limiter.rule;

import java.util.List;
import java.util.regex.Pattern;

/** Writes rules as the YAML that {@link RulesReader} reads. Stateless and thread-safe. */
public final class RulesWriter {
  private static final String DEFAULT_ALGORITHM = "fixed_window";
  private static final String INDENT = "  ";

  /** Text that YAML takes for itself without quotes, unless it looks like a number or a word. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*");

  /**
   * The rules as YAML text. Reading it gives equal rules, but for the revision, which files do not
   * know; so an algorithm of your own needs a reader that knows it.
   */
  public String write(DomainRules rules) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("domain: ").append(text(rules.domain())).append('\n');
    if (!rules.descriptors().isEmpty()) {
      yaml.append("descriptors:\n");
      rules.descriptors().forEach(descriptor -> write(descriptor, INDENT, yaml));
    }
    return yaml.toString();
  }

  private static void write(Descriptor descriptor, String indent, StringBuilder yaml) {
    String inner = indent + INDENT;
    yaml.append(indent).append("- key: ").append(text(descriptor.key())).append('\n');
    descriptor.value().ifPresent(value -> line(inner, "value", text(value), yaml));
    descriptor
        .limit()
        .ifPresent(
            limit -> {
              yaml.append(inner).append("rate_limit:\n");
              write(limit, inner + INDENT, yaml);
            });
    if (!descriptor.namedLimits().isEmpty()) {
      yaml.append(inner).append("rate_limits:\n");
      for (RuleLimit limit : descriptor.namedLimits()) {
        int start = yaml.length();
        write(limit, inner + INDENT + INDENT, yaml);
        yaml.setCharAt(start + inner.length() + INDENT.length(), '-');
      }
    }
    flag(inner, "shadow_mode", descriptor.isShadow(), yaml);
    flag(inner, "quota_mode", descriptor.isQuota(), yaml);
    flag(inner, "share_threshold", descriptor.sharesThreshold(), yaml);
    flag(inner, "detailed_metric", descriptor.hasDetailedMetric(), yaml);
    flag(inner, "value_to_metric", descriptor.hasValueToMetric(), yaml);
    descriptor.metadata().ifPresent(metadata -> line(inner, "metadata", metadata.json(), yaml));
    if (!descriptor.children().isEmpty()) {
      yaml.append(inner).append("descriptors:\n");
      descriptor.children().forEach(child -> write(child, inner + INDENT, yaml));
    }
  }

  /** Writes at least one line. */
  private static void write(RuleLimit limit, String indent, StringBuilder yaml) {
    limit.name().ifPresent(name -> line(indent, "name", text(name), yaml));
    if (limit instanceof RuleLimit.Limited limited) {
      numbers(limited, indent, yaml);
    } else {
      flag(indent, "unlimited", true, yaml);
    }
    List<String> replaces = limit.replaces();
    if (!replaces.isEmpty()) {
      yaml.append(indent).append("replaces:\n");
      replaces.forEach(name -> line(indent + INDENT, "- name", text(name), yaml));
    }
  }

  private static void numbers(RuleLimit.Limited limited, String indent, StringBuilder yaml) {
    String algorithm = limited.limit().algorithm().name();
    if (!algorithm.equals(DEFAULT_ALGORITHM)) {
      line(indent, "algorithm", text(algorithm), yaml);
    }
    line(indent, "unit", limited.unit().yamlName(), yaml);
    if (limited.unitMultiplier() != 1) {
      line(indent, "unit_multiplier", Long.toString(limited.unitMultiplier()), yaml);
    }
    line(indent, "requests_per_unit", Long.toString(limited.limit().requests()), yaml);
    if (limited.hasOwnBurst()) {
      line(indent, "burst", Long.toString(limited.limit().burst()), yaml);
    }
    limited.onError().ifPresent(onError -> line(indent, "on_error", onError.yamlName(), yaml));
  }

  private static void flag(String indent, String key, boolean value, StringBuilder yaml) {
    if (value) {
      line(indent, key, "true", yaml);
    }
  }

  private static void line(String indent, String key, String value, StringBuilder yaml) {
    yaml.append(indent).append(key).append(": ").append(value).append('\n');
  }

  private static String text(String text) {
    if (PLAIN.matcher(text).matches() && YamlScalar.typeOfPlain(text) == YamlScalar.Type.STRING) {
      return text;
    }
    StringBuilder quoted = new StringBuilder();
    Metadata.appendString(text, quoted);
    return quoted.toString();
  }
}
