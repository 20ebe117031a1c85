package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static io.weir.streams.gateway.envoy.OpenDoor.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.weir.streams.gateway.LogLines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many connections there may be, and how long. */
@Timeout(60)
class EnvoyConnectionsTest {
  private static final RateLimitRequest REQUEST = request("api", descriptor("user", "1"));

  private final HeldLimiter limiter = new HeldLimiter();
  private final List<ManagedChannel> channels = new ArrayList<>();

  {
    limiter.answerWith(request -> CompletableFuture.completedStage(HeldLimiter.allowed(1)));
  }

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  @Test
  void aConnectionAboveTheBoundIsRefusedAndTheOthersAreNotHarmed() {
    try (LogLines log = new LogLines(Connections.class);
        OpenDoor door = OpenDoor.to(limiter, OpenDoor.settings().withMaxConnections(2))) {
      ManagedChannel second = connect(door);
      assertAnswered(door.channel());
      assertAnswered(second);
      assertThat(door.connections()).isEqualTo(2);

      ManagedChannel third = connect(door);
      Throwable refusal = catchThrowable(() -> ask(third));

      assertThat(Status.fromThrowable(refusal).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(door.refusedConnections()).isPositive();
      assertThat(log.lines())
          .startsWith(
              "WARN A connection to the gRPC door is refused: 2 are open (grpc.max.connections)");
      assertAnswered(door.channel());
      assertAnswered(second);
      assertThat(door.connections()).isEqualTo(2);

      second.shutdownNow();
      third.resetConnectBackoff();
      await().ignoreExceptions().untilAsserted(() -> assertAnswered(third));
      assertThat(door.connections()).isEqualTo(2);
    }
  }

  @Test
  void anOldConnectionIsEndedAndNoRequestIsLost() {
    try (OpenDoor door =
        OpenDoor.to(limiter, OpenDoor.settings().withMaxConnectionAge(Duration.ofMillis(50)))) {
      Addresses addresses = new Addresses();
      while (addresses.seen.size() < 3) {
        Code code =
            OpenDoor.stub(door.channel())
                .withInterceptors(addresses)
                .shouldRateLimit(REQUEST)
                .getOverallCode();
        assertThat(code).isEqualTo(Code.OK);
      }
      assertThat(door.ended("envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit", "OK"))
          .isPositive();
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws IOException {
    try (OpenDoor door =
            OpenDoor.to(limiter, OpenDoor.settings().withHandshakeTimeout(Duration.ofMillis(100)));
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), door.door().port())) {
      silent.setSoTimeout(20_000);
      // What the server says by itself, and then the end.
      var unused = silent.getInputStream().readAllBytes();
      await().until(() -> door.connections() == 0);
    }
  }

  /** Those of the client's ends of the connections that calls went over. */
  private static final class Addresses implements ClientInterceptor {
    private final Set<SocketAddress> seen = ConcurrentHashMap.newKeySet();

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onHeaders(Metadata answered) {
                  seen.add(getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR));
                  super.onHeaders(answered);
                }
              },
              headers);
        }
      };
    }
  }

  private ManagedChannel connect(OpenDoor door) {
    ManagedChannel channel =
        OpenDoor.channel(door.door().port(), InsecureChannelCredentials.create());
    channels.add(channel);
    return channel;
  }

  private static void ask(ManagedChannel channel) {
    assertThat(OpenDoor.stub(channel).shouldRateLimit(REQUEST).getOverallCode()).isEqualTo(Code.OK);
  }

  private static void assertAnswered(ManagedChannel channel) {
    ask(channel);
  }
}
