package io.weir.streams.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.streams.query.HostAndPort;
import io.weir.streams.query.HttpDoor;
import io.weir.streams.query.HttpDoorException;
import io.weir.streams.query.Readiness;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.topology.RulesView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running application: a Kafka Streams client and the HTTP door beside it, from start to exit.
 *
 * <p>The door opens first, so that the readiness can be asked while the state is restored, and
 * closes last. Nothing in here ends the process: {@link #exit()} says when it should end, and how.
 *
 * <p>{@link #start()} is called once; the other methods at any time from any thread.
 */
public final class WeirApplication implements Application {
  private static final Logger LOG = LoggerFactory.getLogger(WeirApplication.class);

  private static final String STOPPED = "the application was stopped before it had started";
  private static final Duration OUTAGE_PAUSE = Duration.ofSeconds(1);

  private final Topology topology;
  private final Properties properties;
  private final WakeableClients clients;
  private final ApplicationSettings settings;
  private final TopicLayout layout;
  private final FailureClassifier classifier;
  private final StopSignal stop;
  private final InstantSource clock;
  private final List<AutoCloseable> behind;
  private final boolean hasStateOfItsOwn;
  private final RulesView rules;
  private final ApplicationMetrics metrics;
  private final RestoreProgress restore;
  private final HttpDoor door;
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  private final Object closing = new Object();

  private volatile Optional<StreamsClient> streams = Optional.empty();
  private volatile Optional<HostInfo> self = Optional.empty();
  private volatile boolean started;

  /** Whether the stop was asked for: one that a failed start makes by itself was not. */
  private volatile boolean stopAsked;

  /**
   * An application that is not started yet.
   *
   * @param topology what it does
   * @param properties Kafka's settings; {@code application.server} is set here
   * @param clients makes Kafka's clients
   * @param settings settings of the process
   * @param layout what must be true of the topics
   * @param parts what queries read
   * @param classifier tells passing failures from those that would come again
   * @param registry metrics, those of the topology among them
   * @param stop given as soon as a stop has begun; whatever the topology waits for must heed it
   * @param clock the wall clock
   * @param behind what the topology uses, closed after it in this order
   */
  public WeirApplication(
      Topology topology,
      Properties properties,
      KafkaClientSupplier clients,
      ApplicationSettings settings,
      TopicLayout layout,
      QueryParts parts,
      FailureClassifier classifier,
      PrometheusMeterRegistry registry,
      StopSignal stop,
      InstantSource clock,
      List<AutoCloseable> behind) {
    this.topology = topology;
    this.properties = copy(properties);
    this.clients = new WakeableClients(clients);
    this.settings = settings;
    this.layout = layout;
    this.classifier = classifier;
    this.stop = stop;
    this.clock = clock;
    this.behind = List.copyOf(behind);
    this.hasStateOfItsOwn = parts.place() instanceof LimitsPlace.Store;
    this.rules = parts.rules();
    this.metrics = new ApplicationMetrics(registry);
    metrics.add(rules);
    this.restore = new RestoreProgress(clock, LOG::info);
    ObjectMapper mapper = new ObjectMapper();
    this.door =
        new HttpDoor(
            settings.http(),
            new HttpRoutes(
                    parts,
                    this::readiness,
                    () -> started,
                    () -> streams.map(StreamsClient::streams),
                    this::self,
                    clock)
                .routes(settings.http().peerTimeout(), registry, mapper),
            mapper);
  }

  /**
   * Opens the door, checks the topics and starts judging; returns once the rules are loaded. An
   * interruption is a stop.
   *
   * @throws StartupException if that is not possible; the application is closed then
   */
  @Override
  public void start() {
    try {
      openDoor();
      String server = HostAndPort.of(address());
      // As Kafka reads it: an instance knows itself among those that it is told of.
      self = Optional.ofNullable(HostInfo.buildFromEndpoint(server));
      LOG.info("HTTP on {}", HostAndPort.of(settings.http().host(), door.port()));
      if (hasStateOfItsOwn && onlyReachesItself()) {
        LOG.warn(
            "Other instances are told {}, which no other machine reaches: where there are several"
                + " machines, set http.host and http.advertised, or queries for what another one"
                + " holds fail",
            server);
      }
      checkTopics();
      properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, server);
      startStreams();
    } catch (InterruptedException e) {
      stopAsked = true;
      stop.give();
      StartupException stopped = abandoned(STOPPED, e);
      Thread.currentThread().interrupt();
      throw stopped;
    } catch (HttpDoorException | StartupException e) {
      throw abandoned(e.getMessage(), e);
    } catch (KafkaException | IllegalStateException | IllegalArgumentException e) {
      // The global thread may have told its reason already, which says more than this does.
      Optional<String> told =
          exit.isDone() ? exit.join().message() : Optional.ofNullable(e.getMessage());
      throw abandoned("Kafka Streams cannot start: " + told.orElse(e.toString()), e);
    } catch (Error e) {
      abandon(e.toString());
      throw e;
    }
  }

  private void openDoor() {
    synchronized (closing) {
      requireNotStopping();
      door.start();
    }
  }

  private void requireNotStopping() {
    if (stop.isGiven()) {
      throw new StartupException(STOPPED);
    }
  }

  /** Whether a stop was asked for before it had started: then what fails, fails because of that. */
  public boolean isStartBrokenOff() {
    return stopAsked && !started;
  }

  @Override
  public CompletableFuture<ExitStatus> exit() {
    return exit.copy();
  }

  /** The port of the HTTP door, once started. */
  public int httpPort() {
    return door.port();
  }

  /** Whether queries can be answered. */
  public Readiness readiness() {
    return new Condition(
            stop.isGiven(),
            exit.isDone(),
            started ? streams.map(client -> client.streams().state()) : Optional.empty(),
            rules.whyNone(),
            restore.underWay())
        .readiness();
  }

  /**
   * Finishes what is under way, leaves the group and closes the door, within the stop timeout; also
   * while {@link #start()} is under way, which then fails. Closing again waits for the first close.
   */
  @Override
  public void close() {
    if (!exit.isDone()) {
      stopAsked = true; // Else it ended by itself, and this only cleans up.
    }
    shutDown();
  }

  private void shutDown() {
    if (!started) {
      stop.give(); // A start that is under way has nothing to finish.
    }
    synchronized (closing) {
      boolean isFinished = streams.map(client -> client.close(settings.stopTimeout())).orElse(true);
      exit.complete(
          isFinished
              ? ExitStatus.stopped()
              : ExitStatus.failed(
                  "the application did not stop within "
                      + Durations.text(settings.stopTimeout())
                      + " and is cut off; what it had not committed is judged again, or raise"
                      + " shutdown.timeout"));
      stop.give();
      metrics.close();
      door.close();
      if (isFinished) { // Else threads that are cut off may still use it.
        behind.forEach(WeirApplication::close);
      }
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("A part of the application did not close: {}", e.toString());
    }
  }

  private void checkTopics() throws InterruptedException {
    StreamsConfig config = new StreamsConfig(properties);
    Map<String, Object> adminConfig =
        config.getAdminConfigs(config.getString(StreamsConfig.APPLICATION_ID_CONFIG) + "-check");
    Admin admin = clients.getAdmin(adminConfig);
    try {
      new TopicLayoutCheck(admin, settings.startTimeout(), stop).require(layout);
      requireNotStopping();
    } finally {
      admin.close(Duration.ZERO); // What it was not answered, nobody wants to know any more.
    }
  }

  private void startStreams() throws InterruptedException {
    KafkaStreams client = new KafkaStreams(topology, properties, clients);
    StateLog log =
        new StateLog(
            String.valueOf(properties.get(StreamsConfig.APPLICATION_ID_CONFIG)),
            clock,
            () -> stopAsked,
            LOG::info);
    client.setStateListener(
        (newState, oldState) -> {
          log.onChange(newState, oldState);
          if (newState == KafkaStreams.State.ERROR) {
            end(ExitStatus.failed("the application ended by an error; its log says which"));
          }
        });
    client.setGlobalStateRestoreListener(restore);
    client.setUncaughtExceptionHandler(
        new ThreadFailureHandler(
            classifier,
            new FailureBudget(settings.maxThreadFailures(), settings.threadFailureWindow()),
            clock,
            OUTAGE_PAUSE,
            stop,
            this::end));
    synchronized (closing) {
      if (stop.isGiven()) {
        client.close();
        requireNotStopping();
      }
      streams = Optional.of(new StreamsClient(client, clients, stop));
      metrics.add(client);
    }
    streams.orElseThrow().start();
    requireNotStopping();
    started = true;
  }

  /** The address that others are told: what is set, else what the door listens on. */
  private HostInfo address() {
    return settings
        .advertised()
        .orElseGet(() -> new HostInfo(AdvertisedHost.of(settings.http().host()), door.port()));
  }

  /** Whether it tells others an address that is only its own, and may have others. */
  private boolean onlyReachesItself() {
    return settings.advertised().isEmpty()
        && AdvertisedHost.isLoopback(address().host())
        && !"0".equals(String.valueOf(properties.get(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG)));
  }

  private HostInfo self() {
    return self.orElseThrow(() -> new IllegalStateException("the application is not started"));
  }

  /** Ends by a failure; what fails because the application was asked to stop is none. */
  private void end(ExitStatus status) {
    if (!stop.isGiven() && exit.complete(status)) {
      status.message().ifPresent(message -> LOG.error("The application ends: {}", message));
    }
  }

  private StartupException abandoned(@Nullable String message, Exception cause) {
    String sentence = message == null ? cause.toString() : message;
    abandon(sentence);
    return cause instanceof StartupException startup
        ? startup
        : new StartupException(sentence, cause);
  }

  private void abandon(String sentence) {
    if (!stop.isGiven()) {
      exit.complete(ExitStatus.failed(sentence));
    }
    shutDown();
  }

  private static Properties copy(Properties properties) {
    Properties copy = new Properties();
    for (String name : properties.stringPropertyNames()) {
      copy.put(name, properties.getProperty(name));
    }
    // Values that are no strings: classes, and objects that a test passes in.
    properties.forEach(copy::put);
    return copy;
  }
}
