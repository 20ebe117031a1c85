package io.weir.streams.cli.topics;

import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether the application can start on the topics of the cluster: pure, no cluster in it.
 *
 * @param obstacles why it must not start, one sentence each
 * @param warnings what differs from the declaration otherwise, one sentence each
 */
public record StartCheck(List<String> obstacles, List<String> warnings) {

  /** Copies the lists. */
  public StartCheck {
    obstacles = List.copyOf(obstacles);
    warnings = List.copyOf(warnings);
  }

  /**
   * Compares the topics that the settings name.
   *
   * @param settings which topics the application uses, and how
   * @param declared the topics as they should be; those that the settings do not name are ignored
   * @param actual the topics that exist, by name
   */
  public static StartCheck of(
      Settings settings, List<TopicSpec> declared, Map<String, TopicSpec> actual) {
    SortedMap<String, String> names = settings.topics();
    Map<String, TopicSpec> declaredByName =
        declared.stream().collect(Collectors.toMap(TopicSpec::name, Function.identity()));
    List<TopicSpec> used = declared.stream().filter(it -> names.containsValue(it.name())).toList();
    List<String> obstacles = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (TopicDifference difference : TopicComparison.compare(used, actual)) {
      (difference.preventsStart() ? obstacles : warnings).add(difference.sentence());
    }
    names.forEach(
        (setting, name) -> {
          if (!declaredByName.containsKey(name)) {
            if (actual.containsKey(name)) {
              warnings.add(
                  name + ": is not declared in the topics file, so only its presence was checked");
            } else {
              obstacles.add(name + " does not exist (" + setting + " of the settings)");
            }
          }
        });
    checkReleases(settings, actual, obstacles);
    return new StartCheck(obstacles, warnings);
  }

  /** A release must reach the partition that holds, so both topics need as many partitions. */
  private static void checkReleases(
      Settings settings, Map<String, TopicSpec> actual, List<String> obstacles) {
    Optional<TopicSpec> requests =
        Optional.ofNullable(actual.get(settings.get(WeirSettings.TOPIC_REQUESTS)));
    Optional<TopicSpec> releases =
        Optional.ofNullable(actual.get(settings.get(WeirSettings.TOPIC_RELEASES)));
    Optional<Integer> ofChecks =
        settings.get(WeirSettings.INPUT_KEYED)
            ? requests.map(TopicSpec::partitions)
            : settings
                .get(WeirSettings.REPARTITION_PARTITIONS)
                .or(() -> requests.map(TopicSpec::partitions));
    if (releases.isPresent()
        && ofChecks.isPresent()
        && releases.get().partitions() != ofChecks.get()) {
      obstacles.add(
          releases.get().name()
              + " has "
              + releases.get().partitions()
              + " partitions, but requests are checked in "
              + ofChecks.get()
              + "; both must be equal");
    }
  }
}
