package io.weir.limiter.spring;

import io.weir.limiter.words.Suggestion;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds properties {@code weir.*} that are no settings, which Spring leaves alone: a limit that is
 * misspelt so would protect nothing.
 */
final class UnknownSettings {
  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("weir");

  /** Settings of others: {@link io.weir.limiter.outbound} reads its own. */
  private static final Set<String> OTHERS = Set.of("outbound");

  private UnknownSettings() {}

  /** A sentence for each. */
  static List<String> in(ConfigurableEnvironment environment) {
    Map<String, String> sentences = new TreeMap<>();
    for (ConfigurationPropertySource source :
        ConfigurationPropertySources.from(environment.getPropertySources())) {
      if (source instanceof IterableConfigurationPropertySource iterable) {
        // Kubernetes sets variables of a service that is named weir: only slips are told of these.
        boolean isEnvironment =
            source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
        iterable.stream()
            .filter(ROOT::isAncestorOf)
            .forEach(
                name -> {
                  String text = isEnvironment ? variable(name) : name.toString();
                  sentence(name, text, isEnvironment)
                      .ifPresent(found -> sentences.putIfAbsent(text, found));
                });
      }
    }
    return List.copyOf(sentences.values());
  }

  private static String variable(ConfigurationPropertyName name) {
    return name.toString().toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "");
  }

  private static Optional<String> sentence(
      ConfigurationPropertyName name, String text, boolean onlySlips) {
    List<String> words = new ArrayList<>();
    for (int i = ROOT.getNumberOfElements(); i < name.getNumberOfElements(); i++) {
      if (!name.isNumericIndex(i)) {
        words.add(name.getElement(i, Form.DASHED));
      }
    }
    if (words.isEmpty() || OTHERS.contains(words.get(0))) {
      return Optional.empty();
    }
    return sentence(words, "weir.", WeirProperties.class)
        .filter(near -> !onlySlips || !near.isEmpty())
        .map(near -> text + " is no setting of Weir and is ignored" + near);
  }

  /** What it may have been meant to be, or nothing; empty where it is a setting. */
  private static Optional<String> sentence(List<String> words, String path, Class<?> group) {
    List<RecordComponent> known = List.of(group.getRecordComponents());
    // A variable has an underscore for the dash, too: as many words as it takes are one name.
    for (int end = 1; end <= words.size(); end++) {
      String word = plain(words.subList(0, end));
      for (RecordComponent component : known) {
        Class<?> type = component.getType();
        if (!component.getName().toLowerCase(Locale.ROOT).equals(word)) {
          continue;
        }
        if (type.isRecord() && end < words.size()) {
          return sentence(words.subList(end, words.size()), path + name(component) + ".", type);
        }
        if (end == words.size() || Map.class.isAssignableFrom(type)) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(near(words, path, known.stream().map(UnknownSettings::name).toList()));
  }

  /** Spring knows names with dashes and without. */
  private static String plain(List<String> words) {
    return String.join("", words).replace("-", "");
  }

  private static String near(List<String> words, String path, List<String> known) {
    return IntStream.rangeClosed(1, words.size())
        .map(i -> words.size() + 1 - i)
        .mapToObj(end -> Suggestion.didYouMean(String.join("-", words.subList(0, end)), known))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .map(text -> text.replace("mean '", "mean '" + path))
        .orElse("");
  }

  /** As a setting is written in a file. */
  static String name(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
