package io.weir.streams.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.benchmarks.AverageTime;
import io.weir.benchmarks.Rules;
import io.weir.benchmarks.Turn;
import io.weir.benchmarks.Users;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.store.ExpiryShares;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a task does with one request where the input is keyed by identifier, from the bytes of the
 * request to those of its decision. Without Kafka: rows are in a map, and nobody sends what is
 * decided. In this package because the processor is nobody else's.
 */
public class RequestPart extends AverageTime {
  private static final String TOPIC = TopologyTopics.DEFAULT.requests();
  private static final Instant START = Instant.ofEpochMilli(1_800_000_000_000L);

  /** One request. */
  @Benchmark
  public @Nullable Record<?, ?> process(Task task, Turn turn) {
    task.processor.process(task.requests.get(turn.next(task.identifiers)));
    return task.context.sent;
  }

  /** The processor of each thread, as each task has one. */
  @State(Scope.Thread)
  public static class Task {
    /** The rules. */
    @Param public Rules rules;

    /** How many ask in turn. */
    @Param({"1", "100000"})
    public int identifiers;

    private final Context<byte[]> context = new Context<>();
    private RequestProcessor processor;
    private List<Record<byte[], byte[]>> requests;

    /** Prepares the requests. */
    @Setup(Level.Trial)
    public void start() {
      RuleSet ruleSet = rules.load("token_bucket", Verdict.ALLOW);
      TopologyParts parts = parts(ruleSet);
      processor =
          new RequestProcessor(
              parts,
              TopologyNames.ANSWERS_SINK,
              (task, decisions) ->
                  new JudgeInPlace(
                      parts.singleRequests(task, decisions),
                      new ExpirySteps(task, parts),
                      (checks, timestampMillis) -> {
                        throw new IllegalStateException("each request has one identifier here");
                      }));
      processor.init(context);
      requests =
          Users.shuffled(identifiers).stream().map(user -> request(ruleSet, parts, user)).toList();
    }

    private static TopologyParts parts(RuleSet ruleSet) {
      RulesView inForce = new RulesView();
      ruleSet.domains().forEach(inForce::put);
      return new TopologyParts(
          TopologySettings.DEFAULT.withInput(new InputKeying.ByIdentifier(1)),
          WeirSerdes.from(AvroSerdes.over(new InProcessSchemaRegistryClient())),
          Algorithms.standard(),
          inForce,
          new TopologyMetrics(new SimpleMeterRegistry()),
          ExpiryShares.onCallersThread(),
          InstantSource.fixed(START),
          attempt -> {});
    }

    private Record<byte[], byte[]> request(RuleSet ruleSet, TopologyParts parts, String user) {
      Map<String, String> attributes = rules.attributes(user);
      String identifier = ruleSet.match(Rules.DOMAIN, attributes).identifiers().get(0).identifier();
      RequestEvent event =
          RequestEvent.newBuilder()
              .setRequestId("request-of-" + user)
              .setDomain(Rules.DOMAIN)
              .setAttributes(attributes)
              .setOperation(Operation.CHECK)
              .build();
      return new Record<>(
          identifier.getBytes(StandardCharsets.UTF_8),
          parts.serdes().requests().serializer().serialize(TOPIC, event),
          START.toEpochMilli(),
          new RecordHeaders());
    }
  }

  /** A task's context that keeps only the last record that was sent. */
  private static final class Context<T> extends MockProcessorContext<T, T> {
    private @Nullable Record<?, ?> sent;

    Context() {
      setRecordMetadata(TOPIC, 0, 0);
      setCurrentStreamTimeMs(START.toEpochMilli());
      addStateStore(new RowMap());
    }

    @Override
    public <K extends T, V extends T> void forward(Record<K, V> record, String sink) {
      sent = record;
    }
  }
}
