package io.weir.streams.gateway.envoy;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.weir.streams.gateway.DoorMetrics;
import java.util.Set;

/**
 * Counts how calls end, also those that never reach a service: of a method that there is not, too
 * large, or given up by who called. Thread-safe.
 */
final class CallCounter extends ServerStreamTracer.Factory {
  private static final String OTHER = "other";

  private final DoorMetrics metrics;
  private final Set<String> methods;

  /**
   * A counter.
   *
   * @param methods the full names of the methods that there are; callers may ask for others
   */
  CallCounter(DoorMetrics metrics, Set<String> methods) {
    this.metrics = metrics;
    this.methods = Set.copyOf(methods);
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    String method = methods.contains(fullMethodName) ? fullMethodName : OTHER;
    return new ServerStreamTracer() {
      @Override
      public void streamClosed(Status status) {
        metrics.grpc(method, status.getCode().name());
      }
    };
  }
}
