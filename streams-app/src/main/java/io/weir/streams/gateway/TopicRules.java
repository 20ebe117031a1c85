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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
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
 *
 * <p>A record that was skipped is trouble until its domain has a good one, or none; rules of the
 * domain that were read before stay in force. Where nothing was read before and none of those that
 * are there can be read, as by a registry that has forgotten their schemas, they are not loaded, as
 * no rules would allow everything, and the topic is read again after a while, with nothing
 * remembered of schemas.
 */
public final class TopicRules implements GatewayRules {
  private static final Logger LOG = LoggerFactory.getLogger(TopicRules.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);
  private static final Backoff RETRY = new Backoff(500, 10_000);

  /** What cannot be read by a registry that has forgotten, one that is mended can read. */
  private static final Duration UNREADABLE_PAUSE = Duration.ofSeconds(30);

  private final String topic;
  private final Supplier<Consumer<byte @Nullable [], byte @Nullable []>> consumers;
  private final Supplier<RulesLoader> loaders;
  private final StopSignal stop;
  private final Duration unreadablePause;
  private final Thread thread = new Thread(this::follow, "weir-rules");
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private volatile RulesView view = new RulesView();

  /** What was read last, which is the view where there are rules in it. */
  private volatile RulesView newest = view;

  /** Why the topic cannot be read. */
  private volatile Optional<String> unread = Optional.empty();

  /** Why the record that is being read cannot be read yet. */
  private volatile Optional<String> undecided = Optional.empty();

  /** Readings that failed since the rules were in force, only for the thread. */
  private int failures;

  private volatile @Nullable Consumer<byte @Nullable [], byte @Nullable []> reading;

  /**
   * Rules of a topic.
   *
   * @param consumers makes a consumer without a group
   * @param loaders makes what reads records, for each time that the topic is read from its
   *     beginning
   * @param stop ends the reading, and the waiting for a registry
   */
  public TopicRules(
      String topic,
      Supplier<Consumer<byte @Nullable [], byte @Nullable []>> consumers,
      Supplier<RulesLoader> loaders,
      StopSignal stop) {
    this(topic, consumers, loaders, stop, UNREADABLE_PAUSE);
  }

  /** The same, which looks again after such a pause whether rules can be read. */
  TopicRules(
      String topic,
      Supplier<Consumer<byte @Nullable [], byte @Nullable []>> consumers,
      Supplier<RulesLoader> loaders,
      StopSignal stop,
      Duration unreadablePause) {
    this.topic = topic;
    this.consumers = consumers;
    this.loaders = loaders;
    this.stop = stop;
    this.unreadablePause = unreadablePause;
    this.thread.setDaemon(true);
  }

  /** A loader that waits for the registry as the given one does, and tells that it does. */
  private RulesLoader telling(RulesLoader silent) {
    return new RulesLoader(
        silent.serde(),
        silent.converter(),
        silent.metrics(),
        attempt -> {
          undecided =
              Optional.of(
                  "the schema registry does not help to read a record of the topic " + topic);
          silent.registryRetry().pause(attempt);
        });
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
  public Optional<String> whyNoRules() {
    return newest.whyNone();
  }

  @Override
  public Optional<String> trouble() {
    String sentences =
        Stream.of(unread, undecided, newest.whyStale())
            .flatMap(Optional::stream)
            .collect(Collectors.joining("; "));
    return sentences.isEmpty() ? Optional.empty() : Optional.of(sentences);
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

  /** Whatever happens, the topic is read again. */
  private void follow() {
    StoppablePause pause = new StoppablePause(RETRY, stop);
    while (!stop.isGiven()) {
      try {
        read();
      } catch (InterruptException | StoppingException e) {
        return; // Nobody else interrupts this thread.
      } catch (RuntimeException | Error e) {
        if (stop.isGiven()) {
          return;
        }
        report(e);
        failures++;
        if (!waited(pause, failures)) {
          return;
        }
      }
    }
  }

  /** What Kafka refuses is a line each time; what nobody expects has a trace, once. */
  private void report(Throwable e) {
    boolean isKafka = e instanceof KafkaException;
    Optional<String> why =
        Optional.of(
            "the topic " + topic + " cannot be read: " + (isKafka ? e.getMessage() : e.toString()));
    boolean isNew = !why.equals(unread);
    unread = why;
    if (isKafka) {
      LOG.warn("Rules: {}; trying again", why.get());
    } else if (isNew) {
      LOG.error("Rules: {}; trying again", why.get(), e);
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
      RulesLoader loader = telling(loaders.get());
      RulesView fresh = new RulesView();
      while (!stop.isGiven() && !isAt(ends, consumer)) {
        poll(consumer, loader, fresh);
      }
      if (stop.isGiven()) {
        return; // Perhaps before all of them were read.
      }
      fresh.keepSkippedOf(view);
      newest = fresh;
      unread = Optional.empty();
      failures = 0;
      long readNanos = System.nanoTime();
      while (!stop.isGiven() && fresh.whyNone().isPresent()) {
        if (System.nanoTime() - readNanos >= unreadablePause.toNanos()) {
          return; // To read all of it again.
        }
        poll(consumer, loader, fresh);
      }
      if (stop.isGiven()) {
        return;
      }
      view = fresh;
      loaded.complete(null);
      while (!stop.isGiven()) {
        poll(consumer, loader, fresh);
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

  private static boolean isAt(
      Map<TopicPartition, Long> ends, Consumer<byte @Nullable [], byte @Nullable []> consumer) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void poll(
      Consumer<byte @Nullable [], byte @Nullable []> consumer, RulesLoader loader, RulesView into) {
    for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : consumer.poll(POLL)) {
      try {
        var unused = loader.load(record, into);
      } finally {
        undecided = Optional.empty();
      }
    }
  }
}
