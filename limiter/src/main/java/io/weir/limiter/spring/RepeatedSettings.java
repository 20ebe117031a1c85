package io.weir.limiter.spring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Finds settings {@code weir.*} that one source says twice, in two spellings, of which Spring takes
 * any.
 */
final class RepeatedSettings {
  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("weir");

  /** Where names are those of users, and those that are spelt in two ways are two. */
  private static final List<ConfigurationPropertyName> NAMED_BY_USERS =
      Stream.of("weir.limits", "weir.filter.attributes", "weir.outbound")
          .map(ConfigurationPropertyName::of)
          .toList();

  private RepeatedSettings() {}

  /** A sentence for each. */
  static List<String> in(ConfigurableEnvironment environment) {
    List<String> sentences = new ArrayList<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> enumerable) {
        spellings(enumerable).values().stream()
            .filter(spellings -> spellings.size() > 1)
            .forEach(
                spellings ->
                    sentences.add(
                        String.join(" and ", spellings)
                            + " are one setting, and both are in "
                            + source.getName()
                            + "; write it once"));
      }
    }
    return sentences;
  }

  private static Map<ConfigurationPropertyName, List<String>> spellings(
      EnumerablePropertySource<?> source) {
    Map<ConfigurationPropertyName, List<String>> spellings = new TreeMap<>();
    Arrays.stream(source.getPropertyNames())
        .filter(name -> name.startsWith(ROOT + "."))
        .sorted()
        .forEach(
            name -> {
              ConfigurationPropertyName setting = ConfigurationPropertyName.adapt(name, '.');
              if (NAMED_BY_USERS.stream().noneMatch(group -> group.isAncestorOf(setting))) {
                spellings.computeIfAbsent(setting, key -> new ArrayList<>()).add(name);
              }
            });
    return spellings;
  }
}
