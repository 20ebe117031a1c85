package io.weir.streams.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what the doors answer, whether something was decided or not. Thread-safe.
 *
 * <ul>
 *   <li>{@code weir.gateway.requests} by door ({@code http}, {@code grpc}), path (of a route, or
 *       the full name of a method; {@code other}) and status (that of HTTP, or the code of gRPC)
 *   <li>{@code weir.gateway.connections} by door ({@code grpc}): those that are open
 *   <li>{@code weir.gateway.connections.refused} by door ({@code grpc}): those that were one too
 *       many
 *   <li>{@code weir.gateway.handshakes.failed} by door ({@code grpc}): connections that were
 *       refused as they did not begin with TLS, a certificate or HTTP/2 where they must
 * </ul>
 *
 * <p>Series of requests appear with the first answer of their kind.
 */
public final class DoorMetrics {
  private final MeterRegistry registry;
  private final Counter refused;
  private final Counter handshakesFailed;
  private final Map<Answer, Counter> answers = new ConcurrentHashMap<>();

  /** Counters in a registry. */
  public DoorMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.refused =
        Counter.builder("weir.gateway.connections.refused")
            .description("Connections that were closed at once, as too many were open")
            .tag("door", "grpc")
            .register(registry);
    this.handshakesFailed =
        Counter.builder("weir.gateway.handshakes.failed")
            .description("Connections that did not begin with TLS, a certificate or HTTP/2")
            .tag("door", "grpc")
            .register(registry);
  }

  /**
   * Tells how many connections the gRPC door has.
   *
   * @param open that number, which may be asked by any thread
   */
  public void grpcConnections(AtomicInteger open) {
    Gauge.builder("weir.gateway.connections", open, AtomicInteger::get)
        .description("Connections that are open")
        .tag("door", "grpc")
        .strongReference(true)
        .register(registry);
  }

  /** A connection to the gRPC door was one too many. */
  public void grpcConnectionRefused() {
    refused.increment();
  }

  /** A connection to the gRPC door did not begin as it must. */
  public void grpcHandshakeFailed() {
    handshakesFailed.increment();
  }

  /**
   * An HTTP request was answered.
   *
   * @param path the path of a route, or a word for others
   * @param status the status; 0 where the caller was gone before
   */
  public void http(String path, int status) {
    count(new Answer("http", path, status == 0 ? "none" : Integer.toString(status)));
  }

  /**
   * A gRPC call has ended.
   *
   * @param method the full name of a method, or a word for others
   * @param code the name of the status code
   */
  public void grpc(String method, String code) {
    count(new Answer("grpc", method, code));
  }

  private void count(Answer answer) {
    Counter known = answers.get(answer);
    (known == null ? answers.computeIfAbsent(answer, this::counter) : known).increment();
  }

  private Counter counter(Answer answer) {
    return Counter.builder("weir.gateway.requests")
        .description("Requests that the doors of the gateway answered")
        .tags("door", answer.door(), "path", answer.path(), "status", answer.status())
        .register(registry);
  }

  private record Answer(String door, String path, String status) {}
}
