package io.weir.streams.cli.dev;

import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Warnings;
import io.weir.streams.cli.run.Logging;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
      "is denied. Ctrl-C ends it and leaves nothing behind. Settings have their defaults, but for what",
      "one machine needs: neither a file nor a WEIR_… variable is read. To try a setting, use",
      "./weir run --config FILE on brokers of your own. With --redis there is a gateway as well, whose",
      "doors answer at once, and users who ask there."
    },
    footer = {
      "  ./weir dev                            until Ctrl-C",
      "  ./weir dev --for 20s                  for 20 seconds, then a summary",
      "  ./weir dev --for 20s --json           the summary as a JSON object",
      "  ./weir dev --rules my-rules.yaml      with rules of your own",
      "  ./weir dev --quiet-users              without traffic: send your own with ./weir send",
      "  ./weir dev --redis                    with Redis and a gateway: over HTTP, and as Envoy asks"
    })
public final class DevCommand implements Callable<Integer> {
  private static final int DEFAULT_PORT = 8080;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(60);

  private final CommandContext context;
  private final DevStop stop = new DevStop();

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

  @Option(
      names = "--redis",
      description =
          "Start a Redis and a gateway, too, on free ports. The stream keeps its state in Redis, so "
              + "that there is one budget; what the gateway decides is on the decisions topic.")
  private boolean redis;

  @Option(names = "--quiet-users", description = "Send no requests.")
  private boolean quietUsers;

  /** The command. */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  public DevCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    int httpPort = httpPort();
    Logging.applyQuietly();
    Logging.silenceLibraries(stop::isGiven);
    DevRules read = DevRules.read(rules, context.input());
    Warnings.print(spec.commandLine().getErr(), read.loaded().warnings());
    EmbeddedFiles files = EmbeddedFiles.ofCheckout("./weir dev");
    StartLines lines = new StartLines(spec.commandLine().getErr(), stop::isGiven);
    CountDownLatch closed = new CountDownLatch(1);
    Thread hook = new Thread(() -> end(lines, closed), "weir-dev-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (DevStack stack = new DevStack(files, read, httpPort, redis, lines, stop)) {
      return run(stack);
    } catch (RuntimeException e) {
      if (stop.isAsked()) {
        return 0; // What fails because everything is being stopped is no failure.
      }
      throw stop.trouble().<RuntimeException>map(CommandFailure::new).orElse(e);
    } finally {
      closed.countDown();
      removeHook(hook);
    }
  }

  private int run(DevStack stack) {
    DevStack.Running running = stop.breakingOff(stack::start);
    List<DevUser> users = users();
    DevTable table =
        new DevTable(
            users,
            context.terminal().output(),
            spec.commandLine().getColorScheme().ansi(),
            System.nanoTime());
    try (DevSession session = new DevSession(running, users, stop)) {
      printWelcome(running);
      DevSession.Summary summary =
          session.run(
              time,
              tally -> {
                if (!json && !users.isEmpty()) {
                  table.printIfDue(tally, System.nanoTime(), spec.commandLine().getOut());
                }
              });
      if (stop.trouble().isPresent()) {
        throw new CommandFailure(stop.trouble().get());
      }
      print(summary);
      session.requireAllDecided();
      return 0;
    }
  }

  private List<DevUser> users() {
    if (quietUsers) {
      return List.of();
    }
    return redis
        ? Stream.concat(DevUser.CAST.stream(), DevUser.AT_THE_DOORS.stream()).toList()
        : DevUser.CAST;
  }

  private void printWelcome(DevStack.Running running) {
    String url = "http://127.0.0.1:" + running.httpPort();
    PrintWriter err = spec.commandLine().getErr();
    err.println();
    if (port.isEmpty() && running.httpPort() != DEFAULT_PORT) {
      err.println("Port " + DEFAULT_PORT + " is taken; using " + running.httpPort() + ".");
    }
    err.println("Ready. Try in another terminal:");
    err.println("  curl '" + url + "/v1/limits?domain=api&user_id=erin'");
    err.println("  curl " + url + "/v1/rules");
    err.println("  curl " + url + "/metrics");
    err.println(
        "  export WEIR_URL="
            + url
            + " WEIR_BOOTSTRAP_SERVERS="
            + running.bootstrapServers()
            + " WEIR_SCHEMA_REGISTRY_URL="
            + running.registryUrl());
    err.println("  ./weir query api user_id=erin");
    err.println("  ./weir watch --identifier api/user_id=erin");
    running.gateway().ifPresent(gateway -> printDoors(gateway, err));
    err.println(time.isPresent() ? "" : "Ctrl-C ends it and leaves nothing behind.\n");
    err.flush();
  }

  private static void printDoors(DevGateway gateway, PrintWriter err) {
    err.println("The gateway answers at once, its state in Redis at " + gateway.redisUri() + ":");
    err.println("  ./weir check api user_id=zoe --url " + gateway.http());
    err.println(
        "  curl --json '{\"domain\": \"api\", \"attributes\": {\"user_id\": \"zoe\"}}' "
            + gateway.http()
            + "/v1/check");
    err.println(
        "  grpcurl -plaintext -d '{\"domain\": \"api\", \"descriptors\": [{\"entries\":"
            + " [{\"key\": \"user_id\", \"value\": \"zoe\"}]}]}' "
            + gateway.grpc()
            + " envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit");
  }

  private void print(DevSession.Summary summary) {
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

  /** Known before anything starts: what is wrong with it must not be told half a minute later. */
  private int httpPort() {
    if (port.isEmpty()) {
      return FreePort.isFree(DEFAULT_PORT) ? DEFAULT_PORT : 0;
    }
    int wanted = port.get();
    if (!FreePort.isFree(wanted)) {
      throw new CommandFailure(
          "--port is " + wanted + ", but this process cannot listen on 127.0.0.1:" + wanted,
          "another process may do so already; without --port any free one is used");
    }
    return wanted;
  }

  /** Runs when the process is asked to end: waits until everything is closed. */
  private void end(StartLines lines, CountDownLatch closed) {
    lines.stopping();
    stop.ask();
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
