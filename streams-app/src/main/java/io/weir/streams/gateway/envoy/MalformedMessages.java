package io.weir.streams.gateway.envoy;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.plain.PlainLimiter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses messages that are no protobuf, with a line a second at most. By itself gRPC has a trace
 * for each. It must be around a service that reads its messages itself. Thread-safe.
 */
final class MalformedMessages implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(MalformedMessages.class);

  private final PlainLimiter lines = PlainLimiter.of(Limit.fixedWindow(1, Duration.ofSeconds(1)));

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new Refusing<>(call, next.startCall(call, headers));
  }

  private final class Refusing<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private boolean refused;

    private Refusing(ServerCall<Q, ?> call, ServerCall.Listener<Q> delegate) {
      super(delegate);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      if (refused) {
        return;
      }
      try {
        super.onMessage(message);
      } catch (StatusRuntimeException e) {
        refused = true;
        refuse(e);
      }
    }

    /** The service has no message, and would complain of that. */
    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }

    private void refuse(StatusRuntimeException e) {
      String method = call.getMethodDescriptor().getFullMethodName();
      if (lines.tryAcquire()) {
        LOG.warn("A message to {} is refused: {}", method, e.getMessage());
      }
      call.close(
          Status.INVALID_ARGUMENT.withDescription("the message is not what " + method + " takes"),
          new Metadata());
    }
  }
}
