package io.weir.limiter.spring;

import io.weir.limiter.http.HttpRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The lines of {@code weir.limits}. A limit may be spelt in several ways ({@code per-user} in a
 * file, {@code WEIR_LIMITS_PER_USER} in the environment), which Spring takes for several keys; of
 * these the one stands whose source comes first in Spring's order. Spring leaves dashes out of
 * variables, too ({@code WEIR_LIMITS_PERUSER}): the limit's name is that with the dashes.
 *
 * @param lines in the order of their names
 * @param hidden the names of limits that a line stands over
 */
record LimitSettings(List<Line> lines, Set<String> hidden) {
  /**
   * One of them.
   *
   * @param origin what it is called where it was written
   * @param name the limit's name
   */
  record Line(String origin, String name, String text) {}

  static final ConfigurationPropertyName LIMITS = ConfigurationPropertyName.of("weir.limits");

  /**
   * Reads them.
   *
   * @param limits what Spring bound
   * @throws WeirStartException if a line names no limit
   */
  static LimitSettings of(Map<String, String> limits, ConfigurableEnvironment environment) {
    Reading reading = new Reading(limits);
    for (ConfigurationPropertySource source :
        ConfigurationPropertySources.from(environment.getPropertySources())) {
      ConfigurationProperty nameless = source.getConfigurationProperty(LIMITS);
      if (nameless != null && nameless.getValue() instanceof CharSequence text && !isBlank(text)) {
        throw nameless(nameless);
      }
      if (source instanceof IterableConfigurationPropertySource iterable) {
        reading.add(iterable);
      }
    }
    return reading.done();
  }

  void addTo(HttpRules.Builder rules) {
    lines.forEach(line -> rules.setting(line.origin(), line.name(), line.text()));
    rules.mayTurnOff(hidden);
  }

  /**
   * That a line names no limit.
   *
   * @param line the setting {@code weir.limits} itself, which has a value
   */
  static WeirStartException nameless(ConfigurationProperty line) {
    String origin = origin(line);
    boolean isVariable = origin.startsWith("WEIR_");
    String called = isVariable ? origin : LIMITS.toString();
    return new WeirStartException(
        called
            + " is '"
            + line.getValue()
            + "': it names no limit; it must be like "
            + (isVariable ? HttpRules.PREFIX + "LOGIN" : LIMITS + ".login"),
        "Correct " + called + ".");
  }

  private static boolean isBlank(CharSequence text) {
    return text.toString().isBlank();
  }

  private static final class Reading {
    private final Map<String, String> rest;
    private final List<Line> lines = new ArrayList<>();

    /** The names without dashes, and with them where any source has them. */
    private final Map<String, String> known = new HashMap<>();

    private final Set<String> hidden = new HashSet<>();

    Reading(Map<String, String> limits) {
      this.rest = new HashMap<>(limits);
    }

    void add(IterableConfigurationPropertySource source) {
      Set<String> before = Set.copyOf(known.keySet());
      source.stream()
          .filter(LIMITS::isAncestorOf)
          .forEach(
              name -> {
                String key = key(name);
                String line = rest.get(key);
                if (before.contains(uniform(key))) {
                  known.merge(uniform(key), plain(key), Reading::longer);
                  hidden.add(uniform(key));
                  rest.remove(key);
                } else if (line != null) {
                  known.merge(uniform(key), plain(key), Reading::longer);
                  lines.add(new Line(origin(source, name, key), plain(key), line));
                }
              });
    }

    private static String origin(
        ConfigurationPropertySource source, ConfigurationPropertyName name, String key) {
      String origin = LimitSettings.origin(source.getConfigurationProperty(name));
      return origin.startsWith(HttpRules.PREFIX) ? origin : LIMITS + "." + key;
    }

    private static String longer(String one, String other) {
      return other.length() > one.length() ? other : one;
    }

    /** What no source lists is as Spring bound it. */
    LimitSettings done() {
      rest.forEach(
          (key, line) -> {
            if (known.putIfAbsent(uniform(key), plain(key)) == null) {
              lines.add(new Line(LIMITS + "." + key, plain(key), line));
            }
          });
      return new LimitSettings(
          lines.stream()
              .map(line -> new Line(line.origin(), name(line.name()), line.text()))
              .sorted(Comparator.comparing(Line::name).thenComparing(Line::origin))
              .toList(),
          hidden.stream().map(this::name).collect(Collectors.toSet()));
    }

    /** Who says {@code peruser} and {@code per-user} in one place means two limits. */
    private String name(String name) {
      boolean isOne =
          lines.stream().filter(it -> uniform(it.name()).equals(uniform(name))).count() == 1;
      return isOne ? known.getOrDefault(uniform(name), name) : name;
    }
  }

  /** The key that Spring gives a line in the map of all. */
  private static String key(ConfigurationPropertyName name) {
    return IntStream.range(LIMITS.getNumberOfElements(), name.getNumberOfElements())
        .mapToObj(i -> name.getElement(i, Form.ORIGINAL))
        .collect(Collectors.joining("."));
  }

  /** The limit's name, as {@link HttpRules} makes it of any spelling. */
  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
  }

  /** What Spring takes for the same: it leaves dashes out of variables. */
  private static String uniform(String key) {
    return plain(key).replace("-", "");
  }

  /** What a property is called where it was written. */
  private static String origin(@Nullable ConfigurationProperty property) {
    Origin origin = property == null ? null : property.getOrigin();
    return origin instanceof PropertySourceOrigin of ? of.getPropertyName() : "";
  }
}
