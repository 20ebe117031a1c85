package io.weir.streams.query;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.util.JavalinException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: binds an address, hands requests to routes, and sees to it that every error is
 * problem+json without a word about the inside of the application.
 *
 * <p>Threads and connections are bounded, so that a flood of questions cannot take memory from the
 * stream threads. The bound is on connections and not on the queue before the threads, because
 * Jetty needs that queue for work of its own that must not be refused.
 */
public final class HttpDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);

  /**
   * Of a body: the longest request, in which UTF-8 makes 3 bytes of each character, and 64 KiB for
   * the rest.
   */
  public static final int MAX_BODY_BYTES = 256 * 1024;

  /** Of all bodies that are being read: far more than those of clients that do not wait. */
  private static final long MAX_BODY_BYTES_OF_ALL = 32 * 1024 * 1024;

  private static final int MIN_THREADS = 4;
  private static final int IDLE_MILLIS = 60_000;

  /** For what is under way when the door is closed. */
  private static final Duration FINISH_TIME = Duration.ofSeconds(2);

  private final HttpSettings settings;
  private final JsonAnswers answers;
  private final Answers answered;
  private final Map<String, String> methodsOfUnsafe = new HashMap<>();
  private final GracefulHandler underWay = new GracefulHandler();
  private final Javalin server;

  /** A door with the given routes, closed until it is started. */
  public HttpDoor(HttpSettings settings, List<Route> routes, ObjectMapper mapper) {
    this(settings, routes, mapper, (path, status) -> {});
  }

  /**
   * A door with the given routes, closed until it is started.
   *
   * @param listener is told of each answer
   */
  public HttpDoor(
      HttpSettings settings, List<Route> routes, ObjectMapper mapper, AnswerListener listener) {
    this.settings = settings;
    this.answers = new JsonAnswers(mapper);
    this.answered = new Answers(routes, listener);
    this.server = Javalin.create(config -> configure(config, List.copyOf(routes)));
  }

  /**
   * Opens the door.
   *
   * @throws HttpDoorException if the address cannot be listened on
   */
  public void start() {
    try {
      server.start(settings.host(), settings.port());
    } catch (JavalinException e) {
      throw new HttpDoorException(
          CannotListen.on(settings.host(), settings.port(), "http.host", "http.port"), e);
    }
  }

  /** The port that it listens on, once started. */
  public int port() {
    return server.port();
  }

  /**
   * Closes the door. Requests under way have two seconds to be answered, others are refused.
   * Closing again does nothing.
   */
  @Override
  public void close() {
    try {
      underWay.shutdown().get(FINISH_TIME.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("Requests that were not answered within {} ms are cut off", FINISH_TIME.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop();
  }

  private void configure(JavalinConfig config, List<Route> routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = false;
    config.http.prefer405over404 = true;
    config.http.maxRequestSize = MAX_BODY_BYTES;
    config.jetty.threadPool = threads();
    config.jetty.modifyServer(this::configureJetty);
    config.jetty.modifyHttpConfiguration(
        http -> http.setRequestHeaderSize(settings.maxHeaderBytes()));
    // Identifiers hold %2F: the servlet API refuses such paths unless it is told that we know.
    config.jetty.modifyServletContextHandler(
        handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
    for (Route route : routes) {
      config.routes.addHttpHandler(route.method(), route.path(), route.handler());
      if (!route.safe()) {
        methodsOfUnsafe.merge(
            route.path(), route.method().name(), (some, one) -> some + ", " + one);
      }
      if (route.method().equals(HandlerType.GET)) {
        // Javalin alone would answer every HEAD with 200, that of the readiness included.
        config.routes.addHttpHandler(
            HandlerType.HEAD, route.path(), route.safe() ? route.handler() : this::refuseHead);
      }
    }
    config.routes.exception(ProblemException.class, this::answerProblem);
    config.routes.exception(HttpResponseException.class, this::answerRefusal);
    config.routes.exception(Exception.class, this::answerFault);
    config.router.javaLangErrorHandler(
        (response, error) -> {
          LOG.error("An HTTP request met an error of the Java runtime", error);
          response.setStatus(ProblemKind.INTERNAL.status());
        });
  }

  private void refuseHead(Context context) {
    throw new MethodNotAllowedResponse();
  }

  private QueuedThreadPool threads() {
    QueuedThreadPool threads =
        new QueuedThreadPool(settings.maxThreads(), MIN_THREADS, IDLE_MILLIS);
    threads.setName("weir-http");
    // The run command decides when the process ends, not an open door.
    threads.setDaemon(true);
    return threads;
  }

  private void configureJetty(Server jetty) {
    underWay.setHandler(
        new WholeBodies(settings.bodyTimeout(), MAX_BODY_BYTES, MAX_BODY_BYTES_OF_ALL));
    jetty.setHandler(underWay);
    jetty.setRequestLog(answered);
    jetty.addBean(new NetworkConnectionLimit(settings.maxConnections(), jetty));
    // What Jetty itself refuses (a malformed request line, a header too long) never meets a route.
    jetty.setErrorHandler(new JettyErrors(answers, settings));
  }

  private void answerProblem(ProblemException problem, Context context) {
    if (problem.kind() == ProblemKind.INTERNAL) {
      LOG.error("{} {} failed: {}", context.method(), context.path(), problem.detail(), problem);
    }
    answers.problem(context, problem.kind(), problem.detail());
  }

  private void answerRefusal(HttpResponseException refusal, Context context) {
    if (refusal instanceof MethodNotAllowedResponse) {
      String allowed = allowedMethods(refusal, context.path());
      context.header("Allow", allowed);
      answers.problem(
          context,
          ProblemKind.METHOD_NOT_ALLOWED,
          context.method() + " is not allowed on " + context.path() + "; use " + allowed);
    } else if (refusal.getStatus() == ProblemKind.NOT_FOUND.status()) {
      answers.problem(
          context,
          ProblemKind.NOT_FOUND,
          "there is no path " + context.path() + "; /openapi.yaml lists those there are");
    } else {
      context
          .status(refusal.getStatus())
          .contentType(answers.problemType())
          .result(
              answers.plainProblem(
                  refusal.getStatus(), HttpStatus.getMessage(refusal.getStatus())));
    }
  }

  /** Javalin knows of the HEAD that is only there to be refused. */
  private String allowedMethods(HttpResponseException refusal, String path) {
    @Nullable String ofUnsafe = methodsOfUnsafe.get(path);
    if (ofUnsafe != null) {
      return ofUnsafe;
    }
    String allowed = refusal.getDetails().getOrDefault("availableMethods", "");
    return allowed.isEmpty() ? refusal.getDetails().getOrDefault("Available methods", "") : allowed;
  }

  private void answerFault(Exception fault, Context context) {
    LOG.error("{} {} failed", context.method(), context.path(), fault);
    answers.problem(
        context, ProblemKind.INTERNAL, "the application failed to answer; its log says why");
  }
}
