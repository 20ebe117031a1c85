package io.weir.benchmarks.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.schemas.RequestEvent;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.store.ExpirySettings;
import io.weir.streams.store.ExpiryShares;
import io.weir.streams.topology.InputKeying;
import io.weir.streams.topology.RulesView;
import io.weir.streams.topology.TopologyMetrics;
import io.weir.streams.topology.TopologyParts;
import io.weir.streams.topology.TopologySettings;
import io.weir.streams.topology.WeirSerdes;
import io.weir.streams.topology.WeirTopology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

/** The topologies that are compared. */
final class BenchTopologies {
  /** Longer than any run. */
  private static final Duration NEVER = Duration.ofHours(1);

  private BenchTopologies() {}

  /**
   * The topology of an application.
   *
   * @param meters what Weir counts goes there
   */
  static Topology of(AppSpec spec, WeirSerdes serdes, MeterRegistry meters) {
    return spec.candidate().judges() ? weir(spec, serdes, meters) : passThrough(spec, serdes);
  }

  private static Topology passThrough(AppSpec spec, WeirSerdes serdes) {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<byte[], RequestEvent> requests =
        builder.stream(
            spec.requests(),
            Consumed.with(Serdes.ByteArray(), serdes.requests()).withName("requests"));
    if (spec.shape() == RequestShape.REKEYED) {
      requests =
          requests.repartition(
              Repartitioned.<byte[], RequestEvent>as("rekeyed")
                  .withKeySerde(Serdes.ByteArray())
                  .withValueSerde(serdes.requests()));
    }
    requests.to(
        spec.topics().decisions(),
        Produced.with(Serdes.ByteArray(), serdes.requests()).withName("decisions"));
    return builder.build();
  }

  private static Topology weir(AppSpec spec, WeirSerdes serdes, MeterRegistry meters) {
    TopologySettings settings =
        TopologySettings.DEFAULT
            .withTopics(spec.topics())
            .withInput(
                spec.shape() == RequestShape.REKEYED
                    ? new InputKeying.Any(OptionalInt.empty())
                    : new InputKeying.ByIdentifier(spec.partitions()));
    if (spec.candidate() == Candidate.BUILT_IN_STORE) {
      settings = settings.withCacheBytes(0);
    }
    if (!spec.expires()) {
      settings = settings.withExpiry(never(settings.expiry()));
    }
    return new WeirTopology(
            new TopologyParts(
                settings,
                serdes,
                Algorithms.standard(),
                new RulesView(),
                new TopologyMetrics(
                    meters, spec.weirSettings().get(WeirSettings.METRICS_LABELS_MAX)),
                ExpiryShares.inBackground(),
                InstantSource.system(),
                attempt -> {}))
        .build();
  }

  private static ExpirySettings never(ExpirySettings usual) {
    return new ExpirySettings(NEVER, usual.maxRows(), usual.maxTime());
  }
}
