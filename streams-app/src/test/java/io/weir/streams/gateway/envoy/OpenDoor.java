package io.weir.streams.gateway.envoy;

import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc.RateLimitServiceBlockingStub;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.tck.FakeClock;
import io.weir.streams.gateway.DecisionListener;
import io.weir.streams.gateway.DecisionReporter;
import io.weir.streams.gateway.DoorMetrics;
import io.weir.streams.gateway.GatewayMetrics;
import io.weir.streams.gateway.GatewayRules;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.topology.DecidedRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A door on loopback, and a client like Envoy's. */
final class OpenDoor implements AutoCloseable {
  /** 2026-01-01T00:00:12.300Z: within the 13th second of a minute, an hour and a day. */
  static final long START = 1_767_225_612_300L;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final EnvoyDoor door;
  private final ManagedChannel channel;
  private final Queue<DecidedRequest> decided = new ConcurrentLinkedQueue<>();

  private OpenDoor(Settings settings, AsyncRateLimiter limiter) {
    door =
        new EnvoyDoor(
            settings.build(),
            StopTime.of(settings.stopTimeout()),
            limiter,
            reporter(decided::add),
            new DoorMetrics(meters));
    door.open();
    channel = channel(door.port(), InsecureChannelCredentials.create());
  }

  /** A door to a limiter, without TLS. */
  static OpenDoor to(AsyncRateLimiter limiter) {
    return new OpenDoor(settings(), limiter);
  }

  static OpenDoor to(AsyncRateLimiter limiter, Settings settings) {
    return new OpenDoor(settings, limiter);
  }

  /** Judges in memory by rules of envoyproxy/ratelimit's form, one domain a text. */
  static AsyncRateLimiter limiter(FakeClock clock, String... rules) {
    List<DomainRules> domains =
        Arrays.stream(rules).map(yaml -> RulesReader.standard().read("rules.yaml", yaml)).toList();
    RuleSet all = RuleSet.of(domains.toArray(new DomainRules[0]));
    return new RuleBasedRateLimiter(
        () -> all, InMemoryBackend.builder().clock(clock).build(), clock);
  }

  /** Settings of a test. */
  static Settings settings() {
    return new Settings(Optional.empty(), false, PATIENCE, 100, Duration.ofDays(1), PATIENCE);
  }

  /** What tests set. */
  record Settings(
      Optional<TlsFiles> tls,
      boolean responseHeaders,
      Duration stopTimeout,
      int maxConnections,
      Duration maxConnectionAge,
      Duration handshakeTimeout) {
    Settings withTls(TlsFiles files) {
      return new Settings(
          Optional.of(files),
          responseHeaders,
          stopTimeout,
          maxConnections,
          maxConnectionAge,
          handshakeTimeout);
    }

    Settings withResponseHeaders() {
      return new Settings(
          tls, true, stopTimeout, maxConnections, maxConnectionAge, handshakeTimeout);
    }

    Settings withStopTimeout(Duration timeout) {
      return new Settings(
          tls, responseHeaders, timeout, maxConnections, maxConnectionAge, handshakeTimeout);
    }

    Settings withMaxConnections(int most) {
      return new Settings(
          tls, responseHeaders, stopTimeout, most, maxConnectionAge, handshakeTimeout);
    }

    Settings withMaxConnectionAge(Duration age) {
      return new Settings(tls, responseHeaders, stopTimeout, maxConnections, age, handshakeTimeout);
    }

    Settings withHandshakeTimeout(Duration timeout) {
      return new Settings(
          tls, responseHeaders, stopTimeout, maxConnections, maxConnectionAge, timeout);
    }

    EnvoyDoorSettings build() {
      return new EnvoyDoorSettings(
          "127.0.0.1",
          0,
          tls,
          responseHeaders,
          maxConnections,
          maxConnectionAge,
          handshakeTimeout,
          Duration.ofMillis(20));
    }
  }

  static ManagedChannel channel(int port, ChannelCredentials credentials) {
    return Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials).build();
  }

  static RateLimitServiceBlockingStub stub(ManagedChannel channel) {
    return RateLimitServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Tells one listener. */
  static DecisionReporter reporter(DecisionListener listener) {
    GatewayMetrics metrics = new GatewayMetrics(new SimpleMeterRegistry(), 10, new NoRules());
    return new DecisionReporter(metrics, List.of(listener));
  }

  /** Metrics ask for rules. */
  private record NoRules() implements GatewayRules {
    @Override
    public void start() {}

    @Override
    public CompletableFuture<Void> loaded() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public RuleSet current() {
      return RuleSet.of();
    }

    @Override
    public Optional<String> trouble() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  /** What the door told of its decisions. */
  List<DecidedRequest> decided() {
    return List.copyOf(decided);
  }

  /** How many calls of a method ended with a code. */
  double ended(String method, String code) {
    return meters
        .find("weir.gateway.requests")
        .tags("door", "grpc", "path", method, "status", code)
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** Connections that are open. */
  int connections() {
    return (int) meters.get("weir.gateway.connections").tag("door", "grpc").gauge().value();
  }

  /** Connections that were refused. */
  int refusedConnections() {
    return (int) meters.get("weir.gateway.connections.refused").counter().count();
  }

  /** Connections that did not begin as they must. */
  int failedHandshakes() {
    return (int) meters.get("weir.gateway.handshakes.failed").counter().count();
  }

  /** A counter that no test reads. */
  static DoorMetrics metrics() {
    return new DoorMetrics(new SimpleMeterRegistry());
  }

  EnvoyDoor door() {
    return door;
  }

  ManagedChannel channel() {
    return channel;
  }

  RateLimitResponse ask(RateLimitRequest request) {
    return stub(channel).shouldRateLimit(request);
  }

  /** Asks with a cost that is not given. */
  RateLimitResponse ask(String domain, RateLimitDescriptor... descriptors) {
    return ask(request(domain, descriptors));
  }

  static RateLimitRequest request(String domain, RateLimitDescriptor... descriptors) {
    return RateLimitRequest.newBuilder()
        .setDomain(domain)
        .addAllDescriptors(List.of(descriptors))
        .build();
  }

  /** A descriptor of keys and values in turn. */
  static RateLimitDescriptor descriptor(String... keysAndValues) {
    RateLimitDescriptor.Builder descriptor = RateLimitDescriptor.newBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      descriptor.addEntriesBuilder().setKey(keysAndValues[i]).setValue(keysAndValues[i + 1]);
    }
    return descriptor.build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    door.close();
  }
}
