package io.weir.streams.gateway.envoy;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Names for requests: what Envoy was told to send as {@code x-request-id}, or, as it sends nothing
 * by itself, a random name of the door with a number. Thread-safe.
 */
final class RequestNames implements ServerInterceptor {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> GIVEN = Context.key("x-request-id");

  private final String door = "envoy-" + UUID.randomUUID() + "-";
  private final AtomicLong last = new AtomicLong();

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    @Nullable String given = headers.get(HEADER);
    return given == null || given.isBlank()
        ? next.startCall(call, headers)
        : Contexts.interceptCall(Context.current().withValue(GIVEN, given), call, headers, next);
  }

  /** The name of the request whose call this thread begins; one that is made no other has. */
  String next() {
    @Nullable String given = GIVEN.get();
    return given == null ? door + last.incrementAndGet() : given;
  }
}
