package io.weir.benchmarks.pipeline;

import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.config.TopicReplication;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.topology.TopologyTopics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * One application that a worker runs.
 *
 * @param candidate what it is
 * @param application its {@code application.id}, and the beginning of the names of its topics
 * @param bootstrapServers the broker
 * @param requests the topic that it reads
 * @param shape what the requests are like
 * @param commitIntervalMillis time between commits
 * @param partitions of each topic
 * @param threads stream threads, or loops
 * @param standbys copies of the state on other instances
 * @param stateDir where its local state is
 * @param expires whether idle rows are looked for; if not, the interval is longer than any run
 * @param settings Weir's settings that differ from those above and from the defaults
 */
record AppSpec(
    Candidate candidate,
    String application,
    String bootstrapServers,
    String requests,
    RequestShape shape,
    Guarantee guarantee,
    long commitIntervalMillis,
    int partitions,
    int threads,
    int standbys,
    String stateDir,
    boolean expires,
    Map<String, String> settings) {

  /** The topics of the application. */
  TopologyTopics topics() {
    return new TopologyTopics(
        requests,
        application + ".decisions",
        BenchRules.TOPIC,
        application + ".releases",
        application + ".dead-letter");
  }

  /** The topics that must be there before it starts. */
  List<String> ownTopics() {
    TopologyTopics topics = topics();
    return List.of(topics.decisions(), topics.releases(), topics.deadLetters());
  }

  /** The same one with other expiry. */
  AppSpec withExpires(boolean newExpires) {
    return changed(commitIntervalMillis, stateDir, standbys, newExpires, settings);
  }

  /** The same one with standby copies, its state elsewhere. */
  AppSpec withStandbys(int newStandbys, String newStateDir) {
    return changed(commitIntervalMillis, newStateDir, newStandbys, expires, settings);
  }

  /** The same one with other settings, the time between commits among them. */
  AppSpec withSettings(long newCommitIntervalMillis, Map<String, String> newSettings) {
    return changed(newCommitIntervalMillis, stateDir, standbys, expires, newSettings);
  }

  private AppSpec changed(
      long newCommitIntervalMillis,
      String newStateDir,
      int newStandbys,
      boolean newExpires,
      Map<String, String> newSettings) {
    return new AppSpec(
        candidate,
        application,
        bootstrapServers,
        requests,
        shape,
        guarantee,
        newCommitIntervalMillis,
        partitions,
        threads,
        newStandbys,
        newStateDir,
        newExpires,
        newSettings);
  }

  /** Weir's settings, which a user could give the same way. */
  Settings weirSettings() {
    Map<String, String> given = new HashMap<>(settings);
    given.put(WeirSettings.APPLICATION_ID.name(), application);
    given.put(WeirSettings.BOOTSTRAP_SERVERS.name(), bootstrapServers);
    given.put(WeirSettings.PROCESSING_GUARANTEE.name(), guarantee.setting());
    given.put(WeirSettings.COMMIT_INTERVAL.name(), commitIntervalMillis + "ms");
    given.put(WeirSettings.STANDBY_REPLICAS.name(), String.valueOf(standbys));
    given.put(WeirSettings.THREADS.name(), String.valueOf(threads));
    given.put(WeirSettings.STATE_DIR.name(), stateDir);
    return SettingsLoader.of(given);
  }

  /** The configuration of Kafka Streams, of Weir and of what it is compared with. */
  Properties streamsProperties() {
    Properties properties = new Properties();
    properties.putAll(weirSettings().streamsProperties(TopicReplication.SINGLE));
    // A new application begins with what is on the topic already.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return properties;
  }
}
