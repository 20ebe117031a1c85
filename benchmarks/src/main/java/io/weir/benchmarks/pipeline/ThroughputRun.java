package io.weir.benchmarks.pipeline;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.config.TopicReplication;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.topology.InputKeying;
import io.weir.streams.topology.RulesView;
import io.weir.streams.topology.TopologyMetrics;
import io.weir.streams.topology.TopologyParts;
import io.weir.streams.topology.TopologySettings;
import io.weir.streams.topology.TopologyTopics;
import io.weir.streams.topology.WeirSerdes;
import io.weir.streams.topology.WeirTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** One application that works off all requests of a topic, and how fast. */
final class ThroughputRun {
  /** So much of the requests comes before the clock starts: joining the group, compiling. */
  private static final double WARM_UP_SHARE = 0.2;

  private static final long POLL_MILLIS = 5;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final BenchTopics topics;
  private final WeirSerdes serdes;
  private final Settings settings;
  private final KeySpread spread;
  private final int requests;
  private final int partitions;

  /**
   * A run that is not started.
   *
   * @param application its name, not used before
   * @param guarantee exactly_once_v2 or at_least_once
   * @param requests how many there are on the topic
   */
  ThroughputRun(
      BenchTopics topics,
      WeirSerdes serdes,
      String bootstrapServers,
      Path stateDir,
      String application,
      String guarantee,
      KeySpread spread,
      int requests,
      int partitions) {
    this.topics = topics;
    this.serdes = serdes;
    this.spread = spread;
    this.requests = requests;
    this.partitions = partitions;
    this.settings =
        SettingsLoader.of(
            Map.of(
                "application.id",
                application,
                "bootstrap.servers",
                bootstrapServers,
                "processing.guarantee",
                guarantee,
                "standby.replicas",
                "0",
                "threads",
                "1",
                "state.dir",
                stateDir.resolve(application).toString()));
  }

  /**
   * Works off all requests.
   *
   * @return requests a second, up to the commit of the last one
   */
  double perSecond(Candidate candidate) throws InterruptedException {
    String application = settings.get(WeirSettings.APPLICATION_ID);
    TopologyTopics own =
        new TopologyTopics(
            BenchTopics.requests(spread),
            application + ".decisions",
            BenchTopics.RULES,
            application + ".releases",
            application + ".dead-letter");
    topics.create(own.decisions());
    topics.create(own.releases());
    topics.create(own.deadLetters());
    Properties properties = new Properties();
    properties.putAll(settings.streamsProperties(TopicReplication.SINGLE));
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    try (KafkaStreams streams = new KafkaStreams(topology(candidate, own), properties)) {
      streams.start();
      long warm = await(streams, (long) (requests * WARM_UP_SHARE));
      long startNanos = System.nanoTime();
      await(streams, requests);
      while (topics.committed(application, own.requests()) < requests) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      long nanos = System.nanoTime() - startNanos;
      streams.close(CLOSE_TIMEOUT);
      return (double) (requests - warm) * TimeUnit.SECONDS.toNanos(1) / nanos;
    } finally {
      topics.deleteAll(application);
    }
  }

  /** Waits until so many are processed; tells how many are. */
  private static long await(KafkaStreams streams, long count) throws InterruptedException {
    long processed = processed(streams);
    while (processed < count) {
      if (streams.state() == KafkaStreams.State.ERROR) {
        throw new IllegalStateException("a stream thread failed; the log says why");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      processed = processed(streams);
    }
    return processed;
  }

  private static long processed(KafkaStreams streams) {
    return streams.metrics().entrySet().stream()
        .filter(
            metric ->
                metric.getKey().name().equals("process-total")
                    && metric.getKey().group().equals("stream-thread-metrics"))
        .mapToLong(metric -> ((Number) metric.getValue().metricValue()).longValue())
        .sum();
  }

  private Topology topology(Candidate candidate, TopologyTopics own) {
    return switch (candidate) {
      case PASS_THROUGH -> passThrough(own);
      case BUILT_IN_STORE -> weir(TopologySettings.DEFAULT.withTopics(own).withCacheBytes(0));
      case WEIR -> weir(TopologySettings.DEFAULT.withTopics(own));
    };
  }

  private Topology passThrough(TopologyTopics own) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            own.requests(),
            Consumed.with(Serdes.ByteArray(), serdes.requests()).withName("requests"))
        .to(
            own.decisions(),
            Produced.with(Serdes.ByteArray(), serdes.requests()).withName("decisions"));
    return builder.build();
  }

  private Topology weir(TopologySettings topology) {
    TopologyParts parts =
        new TopologyParts(
            topology.withInput(new InputKeying.ByIdentifier(partitions)),
            serdes,
            Algorithms.standard(),
            new RulesView(),
            new TopologyMetrics(
                new SimpleMeterRegistry(), settings.get(WeirSettings.METRICS_LABELS_MAX)),
            InstantSource.system(),
            attempt -> {});
    return new WeirTopology(parts).build();
  }
}
