package io.weir.streams.real;

import static org.awaitility.Awaitility.await;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.Decision;
import io.weir.schemas.HoldRelease;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.LimitCheck;
import io.weir.schemas.RequestEvent;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.cli.run.ApplicationFactory;
import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.topology.TopologyNames;
import io.weir.streams.topology.WeirSerdes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The whole application on a real broker and registry, with topics of its own, and what a test
 * needs to feed it and to read what came of it. Put together as {@code ./weir run} does it.
 */
final class RunningWeir {
  static final int PARTITIONS = 4;

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Map<String, String> given;
  private final Settings settings;
  private final WeirSerdes serdes;
  private final String applicationId;
  private final Path stateDir;

  private RunningWeir(
      Map<String, String> given,
      Settings settings,
      WeirSerdes serdes,
      String applicationId,
      Path stateDir) {
    this.given = given;
    this.settings = settings;
    this.serdes = serdes;
    this.applicationId = applicationId;
    this.stateDir = stateDir;
  }

  /** Whose clock the records of the requests topic have their time from. */
  enum RequestTimes {
    OF_BROKER("LogAppendTime"),
    OF_PRODUCER("CreateTime");

    private final String config;

    RequestTimes(String config) {
      this.config = config;
    }
  }

  /** Topics under a new name as {@code topics.yml} has them, and no application yet. */
  static RunningWeir create(
      KafkaProcess kafka, RegistryProcess registry, Path stateDir, Map<String, String> more)
      throws Exception {
    return create(kafka, registry, stateDir, RequestTimes.OF_BROKER, more);
  }

  /** Topics under a new name, with times of the test's choice, and no application yet. */
  static RunningWeir create(
      KafkaProcess kafka,
      RegistryProcess registry,
      Path stateDir,
      RequestTimes requestTimes,
      Map<String, String> more)
      throws Exception {
    return create(kafka.bootstrapServers(), registry.url(), stateDir, requestTimes, more);
  }

  /** The same where broker and registry are told by their addresses. */
  static RunningWeir create(
      String bootstrapServers,
      String registryUrl,
      Path stateDir,
      RequestTimes requestTimes,
      Map<String, String> more)
      throws Exception {
    String name = RealBroker.uniqueName("throttle");
    Map<String, String> given = new HashMap<>();
    given.put("application.id", name);
    given.put("bootstrap.servers", bootstrapServers);
    given.put("schema.registry.url", registryUrl);
    given.put("state.dir", stateDir.toString());
    given.put("http.port", "0");
    for (String topic : List.of("requests", "decisions", "rules", "releases", "dead.letter")) {
      given.put("topics." + topic, name + "." + topic);
    }
    // Keeps every check on the repartition topic, for the oracle to replay.
    given.put("kafka.repartition.purge.interval.ms", "86400000");
    given.putAll(more);
    Settings settings = SettingsLoader.of(given);
    RunningWeir weir =
        new RunningWeir(
            given,
            settings,
            WeirSerdes.from(AvroSerdes.by(settings.serdeProperties())),
            name,
            stateDir);
    weir.createTopics(requestTimes);
    return weir;
  }

  private void createTopics(RequestTimes requestTimes) throws Exception {
    Map<String, String> appendTime =
        Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    Map<String, String> compact =
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    try (Admin admin = Admin.create(settings.adminProperties())) {
      admin
          .createTopics(
              List.of(
                  topic("requests", PARTITIONS)
                      .configs(
                          Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, requestTimes.config)),
                  topic("decisions", PARTITIONS),
                  topic("rules", 1).configs(compact),
                  topic("releases", PARTITIONS),
                  topic("dead.letter", 1).configs(appendTime)))
          .all()
          .get();
    }
  }

  private NewTopic topic(String name, int partitions) {
    return new NewTopic(topicName(name), partitions, (short) 1);
  }

  String topicName(String name) {
    return applicationId + "." + name;
  }

  String checksTopic() {
    return TopologyNames.checksTopic(applicationId);
  }

  String answersTopic() {
    return TopologyNames.answersTopic(applicationId);
  }

  String changelogTopic() {
    return TopologyNames.limitsChangelog(applicationId);
  }

  /** Puts the rules of a YAML text in force, for applications that start later at least. */
  void applyRules(String yaml) {
    byte[] domain = read(yaml).domain().getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      var unused =
          producer.send(new ProducerRecord<>(topicName("rules"), domain, rulesBytes(yaml)));
    }
  }

  /** Takes the rules of a domain away. */
  void deleteRules(String domain) {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      var unused =
          producer.send(
              new ProducerRecord<>(
                  topicName("rules"), domain.getBytes(StandardCharsets.UTF_8), null));
    }
  }

  /** The record of the rules of a YAML text. */
  byte[] rulesBytes(String yaml) {
    RulesConverter converter = new RulesConverter(Algorithms.standard());
    return serdes
        .rules()
        .serializer()
        .serialize(topicName("rules"), converter.toRecord(read(yaml), Optional.empty()));
  }

  private static DomainRules read(String yaml) {
    return RulesReader.standard().read("test.yaml", yaml);
  }

  /** What the HTTP door answers, whatever the status. */
  static String get(WeirApplication application, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + application.httpPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  /** An application that is started; to be closed by the caller. */
  WeirApplication start() {
    WeirApplication application = ApplicationFactory.create(settings, PARTITIONS);
    application.start();
    return application;
  }

  /**
   * The variables for a process of its own.
   *
   * @param directory for its state and what else it needs
   */
  Map<String, String> environment(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path topics =
        Files.writeString(
            directory.resolve("topics.yml"),
            Files.readString(Path.of("..", "topics.yml"))
                .replace("partitions: 6", "partitions: " + PARTITIONS));
    Map<String, String> variables = new HashMap<>();
    given.forEach(
        (name, value) ->
            variables.put("WEIR_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    variables.put("WEIR_TOPICS_FILE", topics.toString());
    variables.put("WEIR_STATE_DIR", directory.resolve("state").toString());
    return variables;
  }

  /** Forgets all state on disk; no application may be running. */
  void deleteState() throws IOException {
    try (Stream<Path> files = Files.walk(stateDir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(stateDir)) {
          Files.delete(file);
        }
      }
    }
  }

  KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        settings.producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The record of a request, for the requests topic. */
  ProducerRecord<byte[], byte[]> record(RequestSource requests, int number, Random random) {
    RequestEvent event = requests.request(number, random);
    byte[] key =
        requests.key(event).map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null);
    return new ProducerRecord<>(topicName("requests"), key, bytes(event));
  }

  byte[] bytes(RequestEvent event) {
    return serdes.requests().serializer().serialize(topicName("requests"), event);
  }

  RequestEvent request(ConsumerRecord<byte[], byte[]> record) {
    return serdes.requests().deserializer().deserialize(record.topic(), record.value());
  }

  Decision decision(ConsumerRecord<byte[], byte[]> record) {
    return serdes.decisions().deserializer().deserialize(record.topic(), record.value());
  }

  LimitCheck check(ConsumerRecord<byte[], byte[]> record) {
    return serdes.checks().deserializer().deserialize(record.topic(), record.value());
  }

  LimitAnswer answer(ConsumerRecord<byte[], byte[]> record) {
    return serdes.answers().deserializer().deserialize(record.topic(), record.value());
  }

  HoldRelease release(ConsumerRecord<byte[], byte[]> record) {
    return serdes.releases().deserializer().deserialize(record.topic(), record.value());
  }

  /**
   * The partitions that each instance has, by its client id; none while they are shared out, or
   * there is no group yet.
   */
  Map<String, Set<TopicPartition>> partitionsByInstance() {
    try (Admin admin = Admin.create(settings.adminProperties())) {
      return admin.describeConsumerGroups(List.of(applicationId)).all().get().values().stream()
          .flatMap(group -> group.members().stream())
          .collect(
              Collectors.groupingBy(
                  member -> member.clientId().replaceFirst("-StreamThread-.*", ""),
                  Collectors.flatMapping(
                      member -> member.assignment().topicPartitions().stream(),
                      Collectors.toSet())));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until so many decisions are committed. */
  void awaitDecisions(int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> committed(topicName("decisions")).size() >= count);
  }

  /** Of the requests that are decided, however often. */
  Set<String> decidedRequestIds() {
    return committed(topicName("decisions")).stream()
        .map(record -> decision(record).getRequestId())
        .collect(Collectors.toSet());
  }

  /** A consumer of what is committed to a topic from now on. */
  KafkaConsumer<byte[], byte[]> consumerAtEnd(String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            settings.consumerProperties(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topicName(topic)).stream()
            .map(partition -> new TopicPartition(topicName(topic), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    return consumer;
  }

  /** All records that are committed now, each partition's in order. */
  List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            settings.consumerProperties(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (partitions.stream()
          .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }
}
