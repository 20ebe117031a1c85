package io.weir.streams.config;

import static io.weir.streams.config.SettingTypes.bool;
import static io.weir.streams.config.SettingTypes.choice;
import static io.weir.streams.config.SettingTypes.duration;
import static io.weir.streams.config.SettingTypes.host;
import static io.weir.streams.config.SettingTypes.hostAndPort;
import static io.weir.streams.config.SettingTypes.hostsAndPorts;
import static io.weir.streams.config.SettingTypes.integer;
import static io.weir.streams.config.SettingTypes.keyPrefix;
import static io.weir.streams.config.SettingTypes.path;
import static io.weir.streams.config.SettingTypes.redisUris;
import static io.weir.streams.config.SettingTypes.share;
import static io.weir.streams.config.SettingTypes.size;
import static io.weir.streams.config.SettingTypes.text;
import static io.weir.streams.config.SettingTypes.topic;
import static io.weir.streams.config.SettingTypes.urls;

import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.rule.OnError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** Every setting of the application, in the order in which the documentation lists them. */
public final class WeirSettings {
  // Kafka -----------------------------------------------------------------------------------------

  public static final Setting<String> APPLICATION_ID =
      new Setting<>(
          "application.id",
          text("a name"),
          "weir",
          "Name of the application: its consumer group, and the prefix of its internal topics and"
              + " transactions.");

  public static final Setting<String> BOOTSTRAP_SERVERS =
      new Setting<>(
          "bootstrap.servers", hostsAndPorts(), "localhost:9092", "Kafka brokers to ask first.");

  public static final Setting<String> TOPIC_REQUESTS =
      new Setting<>("topics.requests", topic(), "weir.requests", "Topic that requests come from.");

  public static final Setting<String> TOPIC_DECISIONS =
      new Setting<>("topics.decisions", topic(), "weir.decisions", "Topic that decisions go to.");

  public static final Setting<String> TOPIC_RULES =
      new Setting<>("topics.rules", topic(), "weir.rules", "Compacted topic that holds the rules.");

  public static final Setting<String> TOPIC_RELEASES =
      new Setting<>(
          "topics.releases",
          topic(),
          "weir.releases",
          "Topic that Weir tells itself by what is held for denied requests with several"
              + " identifiers; as many partitions as requests are judged in.");

  public static final Setting<String> TOPIC_DEAD_LETTER =
      new Setting<>(
          "topics.dead.letter",
          topic(),
          "weir.dead-letter",
          "Topic that records go to which cannot be judged.");

  public static final Setting<Optional<Path>> TOPICS_FILE =
      new Setting<>(
          "topics.file",
          path().optional(),
          "",
          "File that declares the topics; without it the topics.yml that Weir ships with.");

  public static final Setting<Boolean> INPUT_KEYED =
      new Setting<>(
          "input.keyed",
          bool(),
          "false",
          "Whether requests are keyed by identifier already, placed by murmur2; saves the"
              + " repartition topic and one commit of latency.");

  public static final Setting<Optional<Integer>> REPARTITION_PARTITIONS =
      new Setting<>(
          "repartition.partitions",
          integer(1, 10_000).optional(),
          "",
          "Partitions of the repartition topic, so of the state; without it as many as the requests"
              + " topic has. Fixed once the topic exists.");

  public static final Setting<ProcessingGuarantee> PROCESSING_GUARANTEE =
      new Setting<>(
          "processing.guarantee",
          choice(ProcessingGuarantee.class),
          "exactly_once_v2",
          "Whether a crash may judge and charge some requests again (at_least_once) or not.");

  public static final Setting<Optional<Duration>> COMMIT_INTERVAL =
      new Setting<>(
          "commit.interval",
          duration("1ms", "1h").optional(),
          "",
          "Time between commits. Without it 100ms under exactly_once_v2, where a decision is visible"
              + " after the commit, and 5s under at_least_once, where a crash judges again what came"
              + " since.");

  public static final Setting<Integer> THREADS =
      new Setting<>("threads", integer(1, 1_000), "2", "Threads that judge, in this process.");

  public static final Setting<Integer> STANDBY_REPLICAS =
      new Setting<>(
          "standby.replicas",
          integer(0, 100),
          "1",
          "Copies of the state on other instances, for a fast take-over; needs so many further"
              + " instances.");

  public static final Setting<Path> STATE_DIR =
      new Setting<>(
          "state.dir",
          path(),
          "~/.local/state/weir",
          "Directory of the local state; one for each process. What is in it can be rebuilt from"
              + " Kafka, at the price of a slow start.");

  // Time ------------------------------------------------------------------------------------------

  public static final Setting<Duration> LATENESS =
      new Setting<>(
          "lateness",
          duration("0ms", "1d"),
          "5m",
          "How far behind the newest record of its partition a record is still judged at its own"
              + " time.");

  public static final Setting<Duration> TIMESTAMP_TOLERANCE =
      new Setting<>(
          "timestamp.tolerance",
          duration("1s", "59m"),
          "5m",
          "How far ahead of the wall clock a record's timestamp may be; always below the hour that"
              + " brokers allow.");

  public static final Setting<Optional<Duration>> REQUESTS_MAX_AGE =
      new Setting<>(
          "requests.max.age",
          duration("1s", "365d").optional(),
          "",
          "How old a request may be when it is read, by the wall clock; an older one that limits"
              + " apply to is answered EXPIRED and charged nothing. Without it all are judged.");

  public static final Setting<Verdict> REQUESTS_EXPIRED_VERDICT =
      new Setting<>(
          "requests.expired.verdict",
          choice(Verdict.class),
          "deny",
          "The verdict on a request that is older than requests.max.age.");

  public static final Setting<Optional<Duration>> DUPLICATES_HORIZON =
      new Setting<>(
          "duplicates.horizon",
          duration("1s", "7d").optional(),
          "",
          "How long a decision is remembered, in the time of the requests: a request with the same"
              + " request_id and identifiers gets it once more and is charged nothing. Without it"
              + " each request is one of its own.");

  public static final Setting<Long> DUPLICATES_MAX_BYTES =
      new Setting<>(
          "duplicates.max.bytes",
          size(1024, "1KiB"),
          "32MiB",
          "Memory of each partition for such decisions, on requests with one identifier, and as much"
              + " again on those with several; above it the oldest are forgotten before the"
              + " horizon.");

  public static final Setting<Duration> JOIN_TIMEOUT =
      new Setting<>(
          "join.timeout",
          duration("100ms", "1h"),
          "30s",
          "How long a request with several identifiers waits for the answers of all of them, from the"
              + " first one on; then it is denied with the reason TIMEOUT.");

  public static final Setting<Duration> HOLD_TIME =
      new Setting<>(
          "hold.time",
          duration("100ms", "1d"),
          "2m",
          "How long tokens are held for a request with several identifiers, in the time of the"
              + " requests; what is not given back by then is taken for good. At least twice"
              + " join.timeout.");

  public static final Setting<Integer> HOLDS_MAX =
      new Setting<>(
          "holds.max",
          integer(1, 10_000),
          "1000",
          "Requests that one limit of one identifier holds tokens for, at most; of more, the oldest"
              + " are taken for good. With many requests a second, this is a shorter hold.time.");

  // State -----------------------------------------------------------------------------------------

  public static final Setting<StatePlace> STATE =
      new Setting<>(
          "state",
          choice(StatePlace.class),
          "rocksdb",
          "Where the stream keeps the state of limits: in stores of its own (rocksdb), or in the Redis"
              + " of redis.uri, where callers of the gateway spend from the same budget; docs/redis.md"
              + " says what it means, and which settings mean nothing then.");

  public static final Setting<Duration> EXPIRY_INTERVAL =
      new Setting<>(
          "expiry.interval",
          duration("10ms", "1h"),
          "1s",
          "Time between two looks of each partition whether it can have rows that decide nothing"
              + " any more; while it has, steps follow each other in forty-eight times"
              + " expiry.step.time, or this if it is less.");

  public static final Setting<Integer> EXPIRY_STEP_ROWS =
      new Setting<>(
          "expiry.step.rows",
          integer(1, 1_000_000),
          "20000",
          "Rows that are looked through at a time, in the background, for those to delete.");

  public static final Setting<Duration> EXPIRY_STEP_TIME =
      new Setting<>(
          "expiry.step.time",
          duration("1ms", "100ms"),
          "1ms",
          "Time that such steps take to delete rows, those of all partitions of the process"
              + " together; requests wait meanwhile. A quarter of the time while more identifiers"
              + " come than go: 12ms of each 48ms.");

  public static final Setting<Long> STATE_CACHE =
      new Setting<>(
          "state.cache",
          size(0, "0B"),
          "64MiB",
          "Memory on the heap for the rows in use, for all partitions of the process together, some"
              + " 150 bytes for each limit of each identifier. They are written to the changelog once"
              + " for each commit, and to RocksDB twice a minute. Up to a quarter of it knows which rows"
              + " are on disk, so that no other one is looked for there. With 0B there is no such"
              + " memory, and each change is written at once.");

  public static final Setting<Long> ROCKSDB_BLOCK_CACHE =
      new Setting<>(
          "rocksdb.block.cache",
          size(1 << 20, "1MiB"),
          "128MiB",
          "Memory for RocksDB's block cache, for all stores of the process together; the write"
              + " buffers count against it.");

  public static final Setting<Long> ROCKSDB_WRITE_BUFFERS =
      new Setting<>(
          "rocksdb.write.buffers",
          size(1 << 20, "1MiB"),
          "64MiB",
          "Memory for RocksDB's write buffers, for all stores of the process together.");

  public static final Setting<Integer> SLIDING_WINDOW_LOG_MAX_ENTRIES =
      new Setting<>(
          "sliding.window.log.max.entries",
          integer(1, SlidingWindowLog.LARGEST_MAX_ENTRIES),
          String.valueOf(SlidingWindowLog.DEFAULT_MAX_ENTRIES),
          "Entries that one sliding window log may need; rules apply and rules validate refuse a rule"
              + " that may need more. Rules that are in force stay so.");

  // Queries ---------------------------------------------------------------------------------------

  public static final Setting<String> HTTP_HOST =
      new Setting<>(
          "http.host",
          host(),
          "127.0.0.1",
          "Address that the HTTP server listens on; 0.0.0.0 is every IPv4 address, [::] those of IPv6 too.");

  public static final Setting<Integer> HTTP_PORT =
      new Setting<>(
          "http.port",
          integer(0, 65_535),
          "8080",
          "Port that the HTTP server listens on; 0 takes any free one.");

  public static final Setting<Optional<HostInfo>> HTTP_ADVERTISED =
      new Setting<>(
          "http.advertised",
          hostAndPort().optional(),
          "",
          "Address under which other instances reach this one's HTTP server; without it http.host"
              + " (this machine's name where that is every address) and the port.");

  public static final Setting<Duration> QUERY_TIMEOUT =
      new Setting<>(
          "query.timeout",
          duration("1ms", "10m"),
          "2s",
          "Longest wait for an answer of another instance.");

  // The gateway and Redis -------------------------------------------------------------------------

  public static final Setting<Optional<Path>> GATEWAY_RULES_FILE =
      new Setting<>(
          "gateway.rules.file",
          path().optional(),
          "",
          "Rules file that the gateway judges by and watches, or a directory of .yaml and .yml files;"
              + " without it the rules topic.");

  public static final Setting<String> REDIS_URI =
      new Setting<>(
          "redis.uri",
          redisUris(),
          "redis://localhost:6379",
          "Where Redis is: rediss:// for TLS, redis-sentinel://host1,host2/0#name for Sentinel, some"
              + " servers of a cluster separated by commas.");

  public static final Setting<Boolean> REDIS_CLUSTER =
      new Setting<>(
          "redis.cluster", bool(), "false", "Whether redis.uri names servers of a Redis Cluster.");

  public static final Setting<String> REDIS_KEY_PREFIX =
      new Setting<>(
          "redis.key.prefix",
          keyPrefix(),
          "weir:",
          "What keys in Redis begin with; who is to spend from one budget has the same.");

  public static final Setting<Duration> REDIS_TIMEOUT =
      new Setting<>(
          "redis.timeout",
          duration("1ms", "1m"),
          "50ms",
          "Longest wait for Redis; then on.error decides.");

  public static final Setting<Duration> REDIS_LATENESS =
      new Setting<>(
          "redis.lateness",
          duration("0ms", "1d"),
          "0ms",
          "How far Redis's clock may be set back, or be behind after a failover, before requests are"
              + " judged at a later time than it shows; keys are kept so much longer.");

  public static final Setting<Integer> REDIS_MAX_WAITING =
      new Setting<>(
          "redis.max.waiting",
          integer(1, 10_000_000),
          "10000",
          "Requests that may wait for Redis at once; on.error decides on more.");

  public static final Setting<OnError> ON_ERROR =
      new Setting<>(
          "on.error",
          choice(OnError.class),
          "allow",
          "What is decided where Redis does not answer in time, under rules that do not say"
              + " (on_error).");

  public static final Setting<Double> LOCAL_SHARE =
      new Setting<>(
          "local.share",
          share(),
          "1",
          "Share of each limit that this process admits where it judges alone (local): 0.5 where two"
              + " share the work.");

  // Gateway's decisions ---------------------------------------------------------------------------

  public static final Setting<Boolean> GATEWAY_DECISIONS =
      new Setting<>(
          "gateway.decisions.enabled",
          bool(),
          "false",
          "Whether the gateway writes what it decides to the decisions topic, too. It never waits for"
              + " that: what cannot be written is dropped, and counted.");

  public static final Setting<Integer> GATEWAY_DECISIONS_MAX_WAITING =
      new Setting<>(
          "gateway.decisions.max.waiting",
          integer(1, 10_000_000),
          "100000",
          "Decisions of the gateway that wait on the heap to be written, at most, some 1 KiB each;"
              + " further ones are dropped.");

  // Envoy's gRPC ----------------------------------------------------------------------------------

  public static final Setting<String> GRPC_HOST =
      new Setting<>(
          "grpc.host",
          host(),
          "127.0.0.1",
          "Address that the gRPC server for Envoy listens on; 0.0.0.0 is every IPv4 address, [::]"
              + " those of IPv6 too.");

  public static final Setting<Integer> GRPC_PORT =
      new Setting<>(
          "grpc.port",
          integer(0, 65_535),
          "50051",
          "Port that the gRPC server listens on; 0 takes any free one.");

  public static final Setting<Optional<Path>> GRPC_TLS_CERTIFICATE =
      new Setting<>(
          "grpc.tls.certificate",
          path().optional(),
          "",
          "PEM file of the gRPC server's certificate, and of those between it and its authority's;"
              + " read again when it changes. Without it connections are plain text.");

  public static final Setting<Optional<Path>> GRPC_TLS_KEY =
      new Setting<>(
          "grpc.tls.key",
          path().optional(),
          "",
          "PEM file of the certificate's private key, in PKCS#8, not encrypted; goes with"
              + " grpc.tls.certificate.");

  public static final Setting<Optional<Path>> GRPC_TLS_CLIENT_CA =
      new Setting<>(
          "grpc.tls.client.ca",
          path().optional(),
          "",
          "PEM file of the authorities' certificates that clients' certificates must be from;"
              + " clients without one are refused. Without it none is asked for.");

  public static final Setting<Boolean> GRPC_RESPONSE_HEADERS =
      new Setting<>(
          "grpc.response.headers",
          bool(),
          "false",
          "Whether Envoy is asked to add RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset to"
              + " responses.");

  public static final Setting<Integer> GRPC_MAX_CONNECTIONS =
      new Setting<>(
          "grpc.max.connections",
          integer(1, 1_000_000),
          "4096",
          "Connections to the gRPC server that are open at a time, at most; further ones are closed"
              + " at once. Each worker thread of an Envoy has one.");

  public static final Setting<Duration> GRPC_CONNECTION_MAX_AGE =
      new Setting<>(
          "grpc.connection.max.age",
          duration("1s", "365d"),
          "24h",
          "After about this time clients are asked to connect anew, without a request being lost: so"
              + " that they come to gateways that were added.");

  // Wire format -----------------------------------------------------------------------------------

  public static final Setting<String> SCHEMA_REGISTRY_URL =
      new Setting<>(
          "schema.registry.url",
          urls(),
          "http://localhost:8081",
          "Schema registry, with Confluent's REST API; several are tried in order.");

  public static final Setting<String> SERDE_CLASS =
      new Setting<>(
          "serde.class",
          text("the name of a class"),
          "io.weir.streams.serde.AvroSerde",
          "Class that implements Kafka's Serde for generated Avro classes; WEIR_CLASSPATH names its"
              + " jar.");

  // Operation -------------------------------------------------------------------------------------

  public static final Setting<Integer> THREAD_FAILURES_MAX =
      new Setting<>(
          "thread.failures.max",
          integer(0, 1_000),
          "5",
          "Failed threads that are replaced inside thread.failures.window; one more ends the"
              + " process.");

  public static final Setting<Duration> THREAD_FAILURES_WINDOW =
      new Setting<>(
          "thread.failures.window",
          duration("1s", "1d"),
          "10m",
          "The window over which failed threads are counted.");

  public static final Setting<Duration> SHUTDOWN_TIMEOUT =
      new Setting<>(
          "shutdown.timeout", duration("1s", "1h"), "30s", "Longest wait for a clean stop.");

  public static final Setting<Integer> METRICS_LABELS_MAX =
      new Setting<>(
          "metrics.labels.max",
          integer(1, 1_000_000),
          "1000",
          "Rules that have metrics of their own; further ones share the label \"other\".");

  public static final Setting<LogFormat> LOG_FORMAT =
      new Setting<>(
          "log.format",
          choice(LogFormat.class),
          "text",
          "Log lines for people, or one JSON object a line.");

  public static final Setting<LogLevel> LOG_LEVEL =
      new Setting<>(
          "log.level", choice(LogLevel.class), "info", "Least grave line that is logged.");

  private static final List<Setting<?>> ALL =
      List.of(
          APPLICATION_ID,
          BOOTSTRAP_SERVERS,
          TOPIC_REQUESTS,
          TOPIC_DECISIONS,
          TOPIC_RULES,
          TOPIC_RELEASES,
          TOPIC_DEAD_LETTER,
          TOPICS_FILE,
          INPUT_KEYED,
          REPARTITION_PARTITIONS,
          PROCESSING_GUARANTEE,
          COMMIT_INTERVAL,
          THREADS,
          STANDBY_REPLICAS,
          STATE_DIR,
          LATENESS,
          TIMESTAMP_TOLERANCE,
          REQUESTS_MAX_AGE,
          REQUESTS_EXPIRED_VERDICT,
          DUPLICATES_HORIZON,
          DUPLICATES_MAX_BYTES,
          JOIN_TIMEOUT,
          HOLD_TIME,
          HOLDS_MAX,
          STATE,
          EXPIRY_INTERVAL,
          EXPIRY_STEP_ROWS,
          EXPIRY_STEP_TIME,
          STATE_CACHE,
          ROCKSDB_BLOCK_CACHE,
          ROCKSDB_WRITE_BUFFERS,
          SLIDING_WINDOW_LOG_MAX_ENTRIES,
          HTTP_HOST,
          HTTP_PORT,
          HTTP_ADVERTISED,
          QUERY_TIMEOUT,
          GATEWAY_RULES_FILE,
          REDIS_URI,
          REDIS_CLUSTER,
          REDIS_KEY_PREFIX,
          REDIS_TIMEOUT,
          REDIS_LATENESS,
          REDIS_MAX_WAITING,
          ON_ERROR,
          LOCAL_SHARE,
          GATEWAY_DECISIONS,
          GATEWAY_DECISIONS_MAX_WAITING,
          GRPC_HOST,
          GRPC_PORT,
          GRPC_TLS_CERTIFICATE,
          GRPC_TLS_KEY,
          GRPC_TLS_CLIENT_CA,
          GRPC_RESPONSE_HEADERS,
          GRPC_MAX_CONNECTIONS,
          GRPC_CONNECTION_MAX_AGE,
          SCHEMA_REGISTRY_URL,
          SERDE_CLASS,
          THREAD_FAILURES_MAX,
          THREAD_FAILURES_WINDOW,
          SHUTDOWN_TIMEOUT,
          METRICS_LABELS_MAX,
          LOG_FORMAT,
          LOG_LEVEL);

  private WeirSettings() {}

  /** All settings. */
  public static List<Setting<?>> all() {
    return ALL;
  }

  /** The setting of that name. */
  static Optional<Setting<?>> find(String name) {
    return ALL.stream().filter(setting -> setting.name().equals(name)).findFirst();
  }
}
