package io.weir.streams.gateway;

import io.weir.limiter.rule.RuleSet;
import io.weir.streams.serde.Backoff;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.topology.RulesLoader;
import io.weir.streams.topology.RulesView;
import io.weir.streams.topology.StoppablePause;
import io.weir.streams.topology.StoppingException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules of the rules topic, read from its beginning, without a group, and followed from there. What
 * Kafka refuses is tried again for as long as it takes: the rules in force stay meanwhile.
 */
public final class TopicRules implements GatewayRules {
  private static final Logger LOG = LoggerFactory.getLogger(TopicRules.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);
  private static final Backoff RETRY = new Backoff(500, 10_000);

  private final String topic;
  private final Supplier<Consumer<byte @Nullable [], byte @Nullable []>> consumers;
  private final RulesLoader loader;
  private final StopSignal stop;
  private final Thread thread = new Thread(this::follow, "weir-rules");
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private volatile RulesView view = new RulesView();
  private volatile Optional<String> trouble = Optional.empty();
  private volatile @Nullable Consumer<byte @Nullable [], byte @Nullable []> reading;

  /**
   * Rules of a topic.
   *
   * @param consumers makes a consumer without a group
   * @param loader reads records
   * @param stop ends the reading, and the loader's waiting for a registry
   */
  public TopicRules(
      String topic,
      Supplier<Consumer<byte @Nullable [], byte @Nullable []>> consumers,
      RulesLoader loader,
      StopSignal stop) {
    this.topic = topic;
    this.consumers = consumers;
    this.loader = loader;
    this.stop = stop;
    this.thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public CompletableFuture<Void> loaded() {
    return loaded.copy();
  }

  @Override
  public RuleSet current() {
    return view.current();
  }

  @Override
  public Optional<String> trouble() {
    return trouble;
  }

  @Override
  public void close() {
    stop.give();
    @Nullable Consumer<byte @Nullable [], byte @Nullable []> consumer = reading;
    if (consumer != null) {
      // A consumer that is interrupted cannot be closed without an error in the log.
      consumer.wakeup();
    }
    try {
      thread.join(END_PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }

  private void follow() {
    StoppablePause pause = new StoppablePause(RETRY, stop);
    for (int attempt = 1; !stop.isGiven(); attempt++) {
      try {
        read();
      } catch (InterruptException | StoppingException e) {
        return; // Nobody else interrupts this thread.
      } catch (RuntimeException e) {
        if (stop.isGiven()) {
          return;
        }
        trouble = Optional.of("the topic " + topic + " cannot be read: " + e.getMessage());
        LOG.warn("Rules: {}; trying again", trouble.get());
        if (!waited(pause, attempt)) {
          return;
        }
      }
    }
  }

  private static boolean waited(StoppablePause pause, int attempt) {
    try {
      pause.pause(attempt);
      return true;
    } catch (StoppingException e) {
      return false;
    }
  }

  /** Reads from the beginning: what is not on the topic any more is not in force any more. */
  private void read() {
    try (Consumer<byte @Nullable [], byte @Nullable []> consumer = consumers.get()) {
      reading = consumer;
      List<TopicPartition> partitions = partitions(consumer);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      RulesView fresh = new RulesView();
      while (!stop.isGiven() && !isBehind(consumer, ends)) {
        poll(consumer, fresh);
      }
      view = fresh;
      trouble = Optional.empty();
      while (!stop.isGiven()) {
        loaded.complete(null);
        poll(consumer, fresh);
      }
    }
  }

  private List<TopicPartition> partitions(Consumer<byte @Nullable [], byte @Nullable []> consumer) {
    @Nullable List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new UnknownTopicOrPartitionException("there is no such topic");
    }
    return found.stream().map(each -> new TopicPartition(topic, each.partition())).toList();
  }

  private static boolean isBehind(
      Consumer<byte @Nullable [], byte @Nullable []> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void poll(Consumer<byte @Nullable [], byte @Nullable []> consumer, RulesView into) {
    for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : consumer.poll(POLL)) {
      var unused = loader.load(record, into);
    }
  }
}
