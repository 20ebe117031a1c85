package io.weir.streams.gateway.envoy;

import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.streams.app.StartupException;
import io.weir.streams.gateway.DecisionReporter;
import io.weir.streams.gateway.Door;
import io.weir.streams.gateway.DoorMetrics;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.query.CannotListen;
import io.weir.streams.query.HostAndPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC server that Envoy asks: its rate limit service, beside gRPC's health and reflection
 * services.
 *
 * <p>Health is SERVING from when it is opened, which is when there are rules, until it closes.
 */
public final class EnvoyDoor implements Door {
  private static final Logger LOG = LoggerFactory.getLogger(EnvoyDoor.class);

  /** More than Envoy has under way on one connection; the limiter bounds what waits. */
  private static final int MAX_CALLS_PER_CONNECTION = 10_000;

  /** Envoy's keepalive may be set to seconds; gRPC would close such connections. */
  private static final Duration LEAST_KEEPALIVE = Duration.ofSeconds(1);

  /** Connections whose other end is gone are found out after this time. */
  private static final Duration KEEPALIVE = Duration.ofMinutes(1);

  /** Connections that nobody asks over make place for others; Envoy makes them anew. */
  private static final Duration IDLE = Duration.ofHours(1);

  /** For what is under way on a connection whose time is over: calls are answered far sooner. */
  private static final Duration AGE_GRACE = Duration.ofSeconds(30);

  /** An x-request-id that a client chose may be as long as Envoy lets its headers be. */
  private static final int MAX_METADATA_BYTES = 128 * 1024;

  /**
   * What the bounds of {@link RequestReader} come to in ASCII: Envoy lets through what is refused
   * here, so as few requests as may be must be refused for their length alone.
   */
  private static final int MAX_MESSAGE_BYTES =
      RequestReader.MAX_DESCRIPTORS * (RequestReader.MAX_DESCRIPTOR_CHARS + 1024);

  /** For what is answered to be sent, when nothing is under way any more. */
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(1);

  private final EnvoyDoorSettings settings;
  private final StopTime stopTime;
  private final RequestNames names = new RequestNames();
  private final RateLimitService service;
  private final MalformedMessages malformed = new MalformedMessages();
  private final HealthStatusManager health = new HealthStatusManager();
  private final Optional<Certificates> certificates;
  private final Connections connections;
  private final Server server;
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(EnvoyDoor::renewalThread);

  /**
   * A door that is not open yet.
   *
   * @param stopTime bounds how long closing waits for what is under way
   * @param limiter judges; it is not closed with the door
   * @param reporter is told of each decision
   * @param metrics counts what is answered
   * @throws EnvoyDoorException if a certificate cannot be used
   */
  public EnvoyDoor(
      EnvoyDoorSettings settings,
      StopTime stopTime,
      AsyncRateLimiter limiter,
      DecisionReporter reporter,
      DoorMetrics metrics) {
    InstantSource clock = InstantSource.system();
    this.settings = settings;
    this.stopTime = stopTime;
    this.service =
        new RateLimitService(limiter, settings.responseHeaders(), reporter, names, clock);
    this.certificates = settings.tls().map(files -> new Certificates(files, clock));
    this.connections = new Connections(settings.maxConnections(), metrics);
    this.server = server(certificates.map(Certificates::credentials), metrics);
    health.setStatus(RateLimitServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
  }

  private Server server(Optional<ServerCredentials> tls, DoorMetrics metrics) {
    List<ServerServiceDefinition> services =
        List.of(
            guarded(ServerInterceptors.intercept(service, names)),
            guarded(health.getHealthService().bindService()),
            guarded(ProtoReflectionServiceV1.newInstance().bindService()),
            guarded(reflectionOfOldClients()));
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(settings.host(), settings.port()),
            tls.orElseGet(InsecureServerCredentials::create));
    return connections
        .use(builder)
        // Nothing here waits, so there is no need to change threads.
        .directExecutor()
        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
        .maxInboundMetadataSize(MAX_METADATA_BYTES)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .keepAliveTime(KEEPALIVE.toSeconds(), TimeUnit.SECONDS)
        .maxConnectionIdle(IDLE.toSeconds(), TimeUnit.SECONDS)
        .maxConnectionAge(settings.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionAgeGrace(AGE_GRACE.toSeconds(), TimeUnit.SECONDS)
        .handshakeTimeout(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveTime(LEAST_KEEPALIVE.toSeconds(), TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addStreamTracerFactory(new CallCounter(metrics, methods(services)))
        .addServices(services)
        .build();
  }

  private static Set<String> methods(List<ServerServiceDefinition> services) {
    return services.stream()
        .flatMap(each -> each.getMethods().stream())
        .map(method -> method.getMethodDescriptor().getFullMethodName())
        .collect(Collectors.toSet());
  }

  private ServerServiceDefinition guarded(ServerServiceDefinition guardedService) {
    return ServerInterceptors.intercept(
        // So that messages are read where the interceptor sees it.
        ServerInterceptors.useInputStreamMessages(guardedService), malformed);
  }

  /** v1alpha, which is all that some versions of clients ask. */
  @SuppressWarnings("deprecation")
  private static ServerServiceDefinition reflectionOfOldClients() {
    return ProtoReflectionService.newInstance().bindService();
  }

  @Override
  public void open() {
    try {
      server.start();
    } catch (IOException e) {
      throw new StartupException(
          CannotListen.on(settings.host(), settings.port(), "grpc.host", "grpc.port"), e);
    }
    certificates.ifPresent(this::watch);
    LOG.info("gRPC on {}", HostAndPort.of(settings.host(), port()));
  }

  private void watch(Certificates watched) {
    long nanos = settings.certificatesInterval().toNanos();
    var unused =
        renewal.scheduleWithFixedDelay(watched::refresh, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public int port() {
    return server.getPort();
  }

  /**
   * Closes the door: no request comes in any more, those under way are answered while there is
   * time, and cut off then.
   */
  @Override
  public void close() {
    renewal.shutdownNow();
    health.enterTerminalState();
    server.shutdown();
    try {
      if (!service.awaitIdle(stopTime.left())) {
        LOG.warn("Requests that were under way on the gRPC door are cut off");
      } else {
        // What is still open is no request of Envoy's: health that is watched, say.
        boolean unused = server.awaitTermination(FLUSH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.shutdownNow();
    connections.close();
  }

  private static Thread renewalThread(Runnable task) {
    Thread thread = new Thread(task, "weir-grpc-certificates");
    thread.setDaemon(true);
    return thread;
  }
}
