package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.topology.RulesLoader;
import io.weir.streams.topology.RulesMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicRulesTest {
  private static final String TOPIC = "rules";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final byte[] UNKNOWN_SCHEMA = {0, 0, 0, 0, 9, 1};

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Serde<io.weir.schemas.DomainRules> serde =
      AvroSerdes.over(new InProcessSchemaRegistryClient())
          .forValues(io.weir.schemas.DomainRules.class);
  private final RulesConverter converter = new RulesConverter(Algorithms.standard());
  private final StopSignal stop = new StopSignal();
  private final Queue<MockConsumer<byte @Nullable [], byte @Nullable []>> consumers =
      new ConcurrentLinkedQueue<>();
  private final TopicRules rules =
      new TopicRules(
          TOPIC,
          () -> Optional.ofNullable(consumers.poll()).orElseThrow(),
          () -> new RulesLoader(serde, converter, new RulesMetrics(registry), attempt -> {}),
          stop);

  @AfterEach
  void close() {
    rules.close();
  }

  @Test
  void rulesAreLoadedOnceAllThatAreThereAreRead() {
    MockConsumer<byte @Nullable [], byte @Nullable []> consumer = consumer(2);
    consumers.add(consumer);
    consumer.schedulePollTask(() -> consumer.addRecord(record(0, "api", yaml("api", 1))));
    rules.start();
    await().untilAsserted(() -> assertThat(registry.counter("weir.rules.loaded").count()).isOne());
    assertThat(rules.loaded()).isNotDone();
    assertThat(rules.current().domains()).isEmpty();

    consumer.schedulePollTask(() -> consumer.addRecord(record(1, "shop", yaml("shop", 1))));

    await().until(() -> rules.loaded().isDone());
    assertThat(rules.current().domains()).extracting(DomainRules::domain).contains("api", "shop");
    assertThat(rules.current().find("shop").map(DomainRules::revision)).hasValue(1L);
  }

  @Test
  void changesAreFollowedAndBadRecordsSkipped() {
    MockConsumer<byte @Nullable [], byte @Nullable []> consumer = consumer(1);
    consumers.add(consumer);
    consumer.schedulePollTask(() -> consumer.addRecord(record(0, "api", yaml("api", 1))));
    rules.start();
    await().until(() -> rules.loaded().isDone());

    consumer.schedulePollTask(
        () -> {
          consumer.addRecord(record(1, "api", yaml("api", 2)));
          consumer.addRecord(
              new ConsumerRecord<>(TOPIC, 0, 2, bytes("api"), bytes("no rules at all")));
        });
    await()
        .untilAsserted(
            () -> assertThat(registry.counter("weir.rules.rejected").count()).isEqualTo(1));
    assertThat(rules.current().find("api").map(DomainRules::revision)).hasValue(1L);
    await()
        .untilAsserted(
            () ->
                assertThat(rules.trouble())
                    .hasValue(
                        "the record of the domain api at rules-0 offset 2 was skipped: its value"
                            + " cannot be read: record on rules begins with byte 0x6e; Confluent's"
                            + " wire format begins with 0x00"));

    consumer.schedulePollTask(() -> consumer.addRecord(record(3, "shop", yaml("shop", 1))));
    await().untilAsserted(() -> assertThat(rules.current().find("shop")).isPresent());
    assertThat(rules.trouble()).as("another domain's record says nothing of it").isPresent();

    consumer.schedulePollTask(
        () -> consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, 4, bytes("api"), null)));
    await().untilAsserted(() -> assertThat(rules.trouble()).isEmpty());
    assertThat(rules.current().domains()).extracting(DomainRules::domain).containsExactly("shop");
  }

  @Test
  void whatKafkaRefusesIsTriedAgainAndTheRulesStayMeanwhile() {
    MockConsumer<byte @Nullable [], byte @Nullable []> first = consumer(1);
    consumers.add(first);
    first.schedulePollTask(() -> first.addRecord(record(0, "api", yaml("api", 1))));
    rules.start();
    await().until(() -> rules.loaded().isDone());

    first.schedulePollTask(() -> first.setPollException(new KafkaException("not allowed")));
    await()
        .untilAsserted(
            () ->
                assertThat(rules.trouble())
                    .hasValueSatisfying(why -> assertThat(why).contains("topic rules cannot be")));
    assertThat(rules.current().find("api")).isPresent();

    MockConsumer<byte @Nullable [], byte @Nullable []> second = consumer(1);
    second.schedulePollTask(() -> second.addRecord(record(0, "shop", yaml("shop", 1))));
    consumers.add(second);
    await()
        .untilAsserted(
            () ->
                assertThat(rules.current().domains())
                    .extracting(DomainRules::domain)
                    .as("what is not on the topic any more is gone")
                    .containsExactly("shop"));
    assertThat(rules.trouble()).isEmpty();
  }

  @Test
  void rulesAreNotLoadedWhileNoneOfThoseThatAreThereCanBeRead() {
    MockConsumer<byte @Nullable [], byte @Nullable []> consumer = consumer(1);
    consumers.add(consumer);
    consumer.schedulePollTask(
        () ->
            consumer.addRecord(
                new ConsumerRecord<>(TOPIC, 0, 0, bytes("api"), bytes("no rules at all"))));
    rules.start();
    await()
        .untilAsserted(
            () ->
                assertThat(rules.trouble())
                    .hasValueSatisfying(
                        why -> assertThat(why).contains("domain api at rules-0 offset 0")));
    assertThat(rules.loaded()).isNotDone();
    assertThat(rules.whyNoRules()).isEqualTo(rules.trouble());

    consumer.schedulePollTask(() -> consumer.addRecord(record(1, "api", yaml("api", 1))));

    await().until(() -> rules.loaded().isDone());
    assertThat(rules.trouble()).isEmpty();
    assertThat(rules.whyNoRules()).isEmpty();
    assertThat(rules.current().find("api")).isPresent();
  }

  @Test
  void rulesThatTheRegistryKnowsAgainAreLoadedWithoutANewRecord() {
    MockConsumer<byte @Nullable [], byte @Nullable []> first = consumer(1);
    first.schedulePollTask(
        () -> first.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, bytes("api"), UNKNOWN_SCHEMA)));
    MockConsumer<byte @Nullable [], byte @Nullable []> second = consumer(1);
    second.schedulePollTask(() -> second.addRecord(record(0, "api", yaml("api", 1))));
    consumers.addAll(List.of(first, second));
    try (TopicRules impatient =
        new TopicRules(
            TOPIC,
            () -> Optional.ofNullable(consumers.poll()).orElseThrow(),
            () -> new RulesLoader(serde, converter, new RulesMetrics(registry), attempt -> {}),
            stop,
            Duration.ZERO)) {
      impatient.start();

      await().until(() -> impatient.loaded().isDone());
      assertThat(registry.counter("weir.rules.rejected").count()).isOne();
      assertThat(impatient.current().find("api")).isPresent();
      assertThat(impatient.trouble()).isEmpty();
    }
  }

  @Test
  void rulesThatWereReadStayInForceWhereTheRegistryHasForgottenTheirSchema() {
    MockConsumer<byte @Nullable [], byte @Nullable []> first = consumer(1);
    consumers.add(first);
    first.schedulePollTask(() -> first.addRecord(record(0, "api", yaml("api", 1))));
    rules.start();
    await().until(() -> rules.loaded().isDone());

    MockConsumer<byte @Nullable [], byte @Nullable []> second = consumer(1);
    second.schedulePollTask(
        () -> second.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, bytes("api"), UNKNOWN_SCHEMA)));
    consumers.add(second);
    first.schedulePollTask(() -> first.setPollException(new KafkaException("a moment's trouble")));

    await()
        .untilAsserted(
            () ->
                assertThat(rules.trouble())
                    .hasValueSatisfying(
                        why -> assertThat(why).contains("schema id 9 is unknown to the registry")));
    assertThat(rules.current().find("api")).isPresent();
  }

  @Test
  void rulesOfADomainThatCannotBeReadAnyMoreStayBesideThoseThatCan() {
    readBothAndLoseTheConsumer();
    MockConsumer<byte @Nullable [], byte @Nullable []> second = consumer(2);
    second.schedulePollTask(
        () -> {
          second.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, bytes("api"), UNKNOWN_SCHEMA));
          second.addRecord(record(1, "shop", yaml("shop", 2)));
        });
    consumers.add(second);

    await().until(() -> rules.trouble().filter(why -> why.contains("schema id 9")).isPresent());
    assertThat(rules.trouble().orElseThrow()).doesNotContain("trouble of a moment");
    assertThat(rules.current().domains()).extracting(DomainRules::domain).contains("api", "shop");
  }

  @Test
  void oneDomainThatIsAppliedAnewTakesNothingFromThoseThatCannotBeRead() {
    readBothAndLoseTheConsumer();
    MockConsumer<byte @Nullable [], byte @Nullable []> second = consumer(2);
    second.schedulePollTask(
        () -> {
          second.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, bytes("api"), UNKNOWN_SCHEMA));
          second.addRecord(new ConsumerRecord<>(TOPIC, 0, 1, bytes("shop"), UNKNOWN_SCHEMA));
        });
    consumers.add(second);
    await().until(() -> rules.trouble().filter(why -> why.contains("schema id 9")).isPresent());

    second.schedulePollTask(() -> second.addRecord(record(2, "shop", yaml("shop", 2))));

    await().until(() -> revision("shop") == 2);
    assertThat(revision("api")).isZero();
    assertThat(rules.trouble().orElseThrow()).contains("domain api").doesNotContain("shop");
  }

  @Test
  void aDomainThatWasDeletedMeanwhileIsNotKept() {
    readBothAndLoseTheConsumer();
    MockConsumer<byte @Nullable [], byte @Nullable []> second = consumer(2);
    second.schedulePollTask(
        () -> {
          second.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, bytes("api"), UNKNOWN_SCHEMA));
          second.addRecord(new ConsumerRecord<>(TOPIC, 0, 1, bytes("api"), null));
        });
    consumers.add(second);

    await().until(() -> rules.current().domains().isEmpty());
    assertThat(rules.trouble()).isEmpty();
  }

  /** The domains api and shop are in force, and the topic is about to be read again. */
  private void readBothAndLoseTheConsumer() {
    MockConsumer<byte @Nullable [], byte @Nullable []> first = consumer(2);
    consumers.add(first);
    first.schedulePollTask(
        () -> {
          first.addRecord(record(0, "api", yaml("api", 1)));
          first.addRecord(record(1, "shop", yaml("shop", 1)));
        });
    rules.start();
    await().until(() -> rules.loaded().isDone());
    first.schedulePollTask(
        () -> first.setPollException(new KafkaException("the trouble of a moment")));
    await().until(() -> rules.trouble().isPresent());
  }

  private long revision(String domain) {
    return rules.current().find(domain).map(DomainRules::revision).orElse(-1L);
  }

  @Test
  void aNumberThatWasAnotherSchemasIsReadOnceTheRegistryIsMended() {
    AtomicBoolean isMended = new AtomicBoolean();
    byte[] value = record(0, "api", yaml("api", 1)).value();
    Supplier<RulesLoader> loaders =
        () -> {
          // What a serde has found of a number, it remembers.
          boolean isRight = isMended.get();
          Serde<io.weir.schemas.DomainRules> remembering =
              Serdes.serdeFrom(
                  serde.serializer(),
                  (topic, bytes) -> {
                    if (isRight) {
                      return serde.deserializer().deserialize(topic, bytes);
                    }
                    throw new SerializationException("schema id 1 is that of a Decision");
                  });
          return new RulesLoader(remembering, converter, new RulesMetrics(registry), attempt -> {});
        };
    try (TopicRules impatient =
        new TopicRules(
            TOPIC,
            () -> {
              MockConsumer<byte @Nullable [], byte @Nullable []> next = consumer(1);
              next.schedulePollTask(
                  () -> next.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, bytes("api"), value)));
              return next;
            },
            loaders,
            stop,
            Duration.ZERO)) {
      impatient.start();
      await().until(() -> impatient.trouble().filter(it -> it.contains("Decision")).isPresent());
      isMended.set(true);

      await().until(() -> impatient.loaded().isDone());
      assertThat(impatient.current().find("api")).isPresent();
    }
  }

  @Test
  void aRegistryThatIsWaitedForIsTold() {
    CountDownLatch registryIsBack = new CountDownLatch(1);
    Serde<io.weir.schemas.DomainRules> waiting =
        Serdes.serdeFrom(
            serde.serializer(),
            (topic, bytes) -> {
              if (registryIsBack.getCount() > 0) {
                throw new TimeoutException("the registry is away");
              }
              return serde.deserializer().deserialize(topic, bytes);
            });
    MockConsumer<byte @Nullable [], byte @Nullable []> consumer = consumer(1);
    consumer.schedulePollTask(() -> consumer.addRecord(record(0, "api", yaml("api", 1))));
    try (TopicRules patient =
        new TopicRules(
            TOPIC,
            () -> consumer,
            () ->
                new RulesLoader(
                    waiting,
                    converter,
                    new RulesMetrics(registry),
                    attempt -> awaitUninterruptibly(registryIsBack)),
            stop)) {
      patient.start();
      await()
          .untilAsserted(
              () ->
                  assertThat(patient.trouble())
                      .hasValue(
                          "the schema registry does not help to read a record of the topic rules"));
      assertThat(patient.loaded()).isNotDone();

      registryIsBack.countDown();

      await().until(() -> patient.loaded().isDone());
      assertThat(patient.trouble()).isEmpty();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatNobodyExpectsIsTroubleAndTheTopicIsReadAgain() {
    AtomicBoolean isFirst = new AtomicBoolean(true);
    MockConsumer<byte @Nullable [], byte @Nullable []> consumer = consumer(0);
    try (TopicRules tried =
        new TopicRules(
            TOPIC,
            () -> {
              if (isFirst.getAndSet(false)) {
                throw new NoClassDefFoundError("com/example/Gone");
              }
              return consumer;
            },
            () -> new RulesLoader(serde, converter, new RulesMetrics(registry), attempt -> {}),
            stop)) {
      tried.start();
      await()
          .untilAsserted(
              () ->
                  assertThat(tried.trouble())
                      .hasValueSatisfying(why -> assertThat(why).contains("com/example/Gone")));

      await().until(() -> tried.loaded().isDone());
      assertThat(tried.trouble()).isEmpty();
    }
  }

  @Test
  void aStopEndsTheWaiting() {
    consumers.add(consumer(1));
    rules.start();

    rules.close();

    assertThat(rules.loaded()).isNotDone();
    assertThat(stop.isGiven()).isTrue();
  }

  private static MockConsumer<byte @Nullable [], byte @Nullable []> consumer(long end) {
    MockConsumer<byte @Nullable [], byte @Nullable []> consumer = new MockConsumer<>("earliest");
    Node node = new Node(0, "host", 1);
    consumer.updatePartitions(
        TOPIC, List.of(new PartitionInfo(TOPIC, 0, node, new Node[] {node}, new Node[] {})));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, end));
    return consumer;
  }

  private ConsumerRecord<byte @Nullable [], byte @Nullable []> record(
      long offset, String domain, String yaml) {
    return new ConsumerRecord<>(
        TOPIC,
        0,
        offset,
        bytes(domain),
        serde
            .serializer()
            .serialize(
                TOPIC,
                converter.toRecord(
                    RulesReader.standard().read("test", yaml), Optional.of("test"))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String yaml(String domain, int requests) {
    return "domain: %s\ndescriptors:\n  - key: user_id\n".formatted(domain)
        + "    rate_limit: {unit: second, requests_per_unit: %d}\n".formatted(requests);
  }
}
