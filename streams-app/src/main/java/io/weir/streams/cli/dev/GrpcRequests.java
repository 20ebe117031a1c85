package io.weir.streams.cli.dev;

import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.Entry;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc.RateLimitServiceStub;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Checks as Envoy asks for them, with two descriptors: the user alone, and the user and what they
 * ask for.
 */
final class GrpcRequests implements DevRequests {
  private static final String USER = "user_id";
  private static final long TIMEOUT_SECONDS = 10;
  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final RateLimitServiceStub service;

  /**
   * Checks at a door.
   *
   * @param door its address, such as {@code 127.0.0.1:50051}
   */
  GrpcRequests(String door) {
    this.channel = Grpc.newChannelBuilder(door, InsecureChannelCredentials.create()).build();
    this.service = RateLimitServiceGrpc.newStub(channel);
  }

  @Override
  public CompletableFuture<?> send(String requestId, Map<String, String> attributes) {
    Metadata headers = new Metadata();
    headers.put(REQUEST_ID, requestId);
    Answer answer = new Answer(new CompletableFuture<>());
    service
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .shouldRateLimit(request(attributes), answer);
    return answer.done();
  }

  private static RateLimitRequest request(Map<String, String> attributes) {
    Entry user = entry(USER, attributes.getOrDefault(USER, ""));
    RateLimitDescriptor.Builder all = RateLimitDescriptor.newBuilder().addEntries(user);
    attributes.forEach(
        (key, value) -> {
          if (!key.equals(USER)) {
            all.addEntries(entry(key, value));
          }
        });
    return RateLimitRequest.newBuilder()
        .setDomain(DOMAIN)
        .addDescriptors(RateLimitDescriptor.newBuilder().addEntries(user))
        .addDescriptors(all)
        .build();
  }

  private static Entry entry(String key, String value) {
    return Entry.newBuilder().setKey(key).setValue(value).build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** Whatever it says is an answer. */
  private record Answer(CompletableFuture<Void> done) implements StreamObserver<RateLimitResponse> {
    @Override
    public void onNext(RateLimitResponse response) {}

    @Override
    public void onCompleted() {
      done.complete(null);
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }
  }
}
