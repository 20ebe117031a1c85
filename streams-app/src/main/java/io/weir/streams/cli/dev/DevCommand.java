package io.weir.streams.cli.dev;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.weir.schemas.Decision;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.TopicReader;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.cli.Warnings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.serde.AvroSerdes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir dev}. */
@Command(
    name = "dev",
    description = {
      "Try Weir on this machine alone, with traffic to look at.",
      "Starts a Kafka broker and a schema registry as child processes, the topics, example rules, the",
      "application, and a few users of whom some misbehave. A live table shows who is allowed and who",
      "is denied. Ctrl-C ends it and leaves nothing behind."
    },
    footer = {
      "  weir dev                            until Ctrl-C",
      "  weir dev --for 20s                  for 20 seconds, then a summary",
      "  weir dev --for 20s --json           the summary as a JSON object",
      "  weir dev --rules my-rules.yaml      with rules of your own",
      "  weir dev --quiet-users              without traffic: send your own with weir send"
    })
public final class DevCommand implements Callable<Integer> {
  private static final int DEFAULT_PORT = 8080;
  private static final Duration REDRAW_ON_TERMINAL = Duration.ofMillis(1_500);
  private static final Duration REDRAW_ELSEWHERE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LAST_DECISIONS_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(60);

  private final CommandContext context;
  private final CountDownLatch interrupted = new CountDownLatch(1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = OptionTypes.Time.class,
      description = "End after so long, such as 20s, with a summary.")
  private Optional<Duration> time = Optional.empty();

  @Option(names = "--json", description = "Print the summary as one JSON object, and no table.")
  private boolean json;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description =
          "Rules to put in force, as of rules apply; without it docs/examples/rules.yaml.")
  private Optional<Path> rules = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = OptionTypes.Port.class,
      description = "Port of the HTTP door; 8080 without it, or any where that is taken.")
  private Optional<Integer> port = Optional.empty();

  @Option(names = "--quiet-users", description = "Send no requests.")
  private boolean quietUsers;

  /** The command. */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  public DevCommand(CommandContext context) {
    this.context = context;
  }

  /**
   * What came of it.
   *
   * @param requests requests that were sent
   * @param decisions decisions that were read
   * @param allowed decisions that allow
   * @param denied decisions that deny
   */
  record Summary(long requests, long decisions, long allowed, long denied) {}

  @Override
  public Integer call() {
    quietenLog();
    DevRules read = DevRules.read(rules, context.input());
    Warnings.print(spec.commandLine().getErr(), read.loaded().warnings());
    EmbeddedFiles files = embeddedFiles();
    CountDownLatch closed = new CountDownLatch(1);
    Thread hook = new Thread(() -> interrupt(closed), "weir-dev-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (DevStack stack = new DevStack(files, read, httpPort(), this::step)) {
      DevStack.Running running = stack.start(this::isInterrupted);
      Summary summary = watch(running);
      print(summary);
      return summary.requests() == summary.decisions() || isInterrupted() ? 0 : 1;
    } finally {
      closed.countDown();
      removeHook(hook);
    }
  }

  /** Lets the users ask until it is time; returns when every request has its decision. */
  private Summary watch(DevStack.Running running) {
    AvroSerdes serdes = ValueSerdes.impatient(running.settings());
    List<DevUser> users = quietUsers ? List.of() : DevUser.CAST;
    DecisionTally tally = new DecisionTally(users);
    Deserializer<Decision> decisions = serdes.forValues(Decision.class).deserializer();
    String topic = running.settings().get(WeirSettings.TOPIC_DECISIONS);
    try (TopicReader reader = TopicReader.open(running.settings().consumerProperties(), topic);
        DevTraffic traffic = new DevTraffic(running.settings(), serdes, users)) {
      printWelcome(running);
      traffic.start();
      DevTable table =
          new DevTable(
              users,
              tally,
              context.terminal().output(),
              spec.commandLine().getColorScheme().ansi());
      long startNanos = System.nanoTime();
      long drawnNanos = startNanos;
      Duration redraw = context.terminal().output() ? REDRAW_ON_TERMINAL : REDRAW_ELSEWHERE;
      while (!isInterrupted() && !isOver(startNanos)) {
        throwIfEnded(running);
        read(reader, topic, decisions, tally);
        if (!json && !users.isEmpty() && System.nanoTime() - drawnNanos >= redraw.toNanos()) {
          drawnNanos = System.nanoTime();
          table.print(spec.commandLine().getOut());
        }
      }
      traffic.finish();
      await(() -> read(reader, topic, decisions, tally) >= traffic.sent());
      return new Summary(traffic.sent(), tally.decisions(), tally.allowed(), tally.denied());
    }
  }

  private static long read(
      TopicReader reader, String topic, Deserializer<Decision> decisions, DecisionTally tally) {
    reader.poll(
        POLL, record -> tally.take(decisions.deserialize(topic, record.headers(), record.value())));
    return tally.decisions();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LAST_DECISIONS_TIMEOUT.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
      // The condition itself waits for records.
    }
  }

  private boolean isOver(long startNanos) {
    return time.isPresent() && System.nanoTime() - startNanos >= time.get().toNanos();
  }

  private boolean isInterrupted() {
    return interrupted.getCount() == 0;
  }

  private static void throwIfEnded(DevStack.Running running) {
    if (running.application().exit().isDone()) {
      throw new CommandFailure(
          "Weir ended: " + running.application().exit().join().message().orElse("it was stopped"));
    }
  }

  private <T> T step(String what, Supplier<T> work) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf("%-44s", "starting " + what);
    err.flush();
    long startNanos = System.nanoTime();
    try {
      T result = work.get();
      err.printf(" %5.1f s%n", (System.nanoTime() - startNanos) / 1e9);
      return result;
    } catch (RuntimeException e) {
      err.println(" failed");
      throw e instanceof ChildStartException
          ? new CommandFailure(String.valueOf(e.getMessage()), e)
          : e;
    } finally {
      err.flush();
    }
  }

  private void printWelcome(DevStack.Running running) {
    String url = "http://127.0.0.1:" + running.httpPort();
    PrintWriter err = spec.commandLine().getErr();
    err.println();
    err.println("Ready. Try in another terminal:");
    err.println("  curl '" + url + "/v1/limits?domain=api&user_id=erin'");
    err.println("  curl " + url + "/v1/rules");
    err.println("  curl " + url + "/metrics");
    err.println(
        "  export WEIR_BOOTSTRAP_SERVERS="
            + running.bootstrapServers()
            + " WEIR_SCHEMA_REGISTRY_URL="
            + running.registryUrl());
    err.println("  ./weir watch --identifier api/user_id=erin");
    err.println(time.isPresent() ? "" : "Ctrl-C ends it and leaves nothing behind.\n");
    err.flush();
  }

  private void print(Summary summary) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, summary);
    } else {
      out.printf(
          "%d requests, %d decisions: %d allowed, %d denied%n",
          summary.requests(), summary.decisions(), summary.allowed(), summary.denied());
    }
    out.flush();
  }

  private int httpPort() {
    return port.orElseGet(() -> FreePort.isTaken(DEFAULT_PORT) ? 0 : DEFAULT_PORT);
  }

  private static EmbeddedFiles embeddedFiles() {
    Path directory =
        Path.of(System.getProperty("weir.home", "."), "streams-app", "embedded", "target");
    try {
      return new EmbeddedFiles(directory);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          String.valueOf(e.getMessage()), "run ./weir dev from a checkout, which lays it out", e);
    }
  }

  /** The table is what one looks at; the log tells only what goes wrong. */
  private static void quietenLog() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
      loggers.getLogger("io.weir").setLevel(Level.WARN);
      loggers.getLogger("org.apache.kafka").setLevel(Level.ERROR);
    }
  }

  /** Runs when the process is asked to end: waits until everything is closed. */
  private void interrupt(CountDownLatch closed) {
    interrupted.countDown();
    try {
      boolean unused = closed.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook is running, and waits for this thread to end.
    }
  }
}
