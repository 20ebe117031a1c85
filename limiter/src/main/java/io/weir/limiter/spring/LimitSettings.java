package io.weir.limiter.spring;

import io.weir.limiter.http.HttpRules;
import java.util.HashMap;
import java.util.HashSet;
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
 * these the one stands whose source comes first in Spring's order.
 *
 * @param ofSettings the lines by name, as properties
 * @param ofVariables the lines by name, as variables
 * @param hidden the names of limits that a line stands over
 */
record LimitSettings(
    Map<String, String> ofSettings, Map<String, String> ofVariables, Set<String> hidden) {
  private static final ConfigurationPropertyName LIMITS =
      ConfigurationPropertyName.of("weir.limits");

  /**
   * Reads them.
   *
   * @param limits what Spring bound
   */
  static LimitSettings of(Map<String, String> limits, ConfigurableEnvironment environment) {
    Reading reading = new Reading(limits);
    for (ConfigurationPropertySource source :
        ConfigurationPropertySources.from(environment.getPropertySources())) {
      if (source instanceof IterableConfigurationPropertySource iterable) {
        reading.add(iterable);
      }
    }
    return reading.done();
  }

  void addTo(HttpRules.Builder rules) {
    rules
        .limits("weir.limits.", ofSettings)
        .limits(HttpRules.PREFIX, ofVariables)
        .mayTurnOff(hidden);
  }

  private static final class Reading {
    private final Map<String, String> rest;
    private final Map<String, String> ofSettings = new HashMap<>();
    private final Map<String, String> ofVariables = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> hidden = new HashSet<>();

    Reading(Map<String, String> limits) {
      this.rest = new HashMap<>(limits);
    }

    void add(IterableConfigurationPropertySource source) {
      Set<String> before = Set.copyOf(known);
      source.stream()
          .filter(LIMITS::isAncestorOf)
          .forEach(
              name -> {
                String key = key(name);
                String line = rest.get(key);
                if (before.contains(plain(key))) {
                  hidden.add(plain(key));
                  rest.remove(key);
                } else if (line != null) {
                  add(source.getConfigurationProperty(name), key, line);
                }
              });
    }

    private void add(@Nullable ConfigurationProperty property, String key, String line) {
      known.add(plain(key));
      String origin = origin(property);
      if (origin.startsWith(HttpRules.PREFIX)) {
        ofVariables.put(origin.substring(HttpRules.PREFIX.length()), line);
      } else {
        ofSettings.put(key, line);
      }
    }

    /** What no source lists is as Spring bound it. */
    LimitSettings done() {
      rest.forEach(
          (key, line) -> {
            if (known.add(plain(key))) {
              ofSettings.put(key, line);
            }
          });
      return new LimitSettings(ofSettings, ofVariables, hidden);
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

  /** What a property is called where it was written. */
  private static String origin(@Nullable ConfigurationProperty property) {
    Origin origin = property == null ? null : property.getOrigin();
    return origin instanceof PropertySourceOrigin of ? of.getPropertyName() : "";
  }
}
