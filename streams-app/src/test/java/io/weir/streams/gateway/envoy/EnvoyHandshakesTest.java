package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static io.weir.streams.gateway.envoy.OpenDoor.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.weir.streams.gateway.LogLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of connections that do not begin as they must. */
@Timeout(60)
class EnvoyHandshakesTest {
  private static final String HTTP_1 = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

  /** A record of the handshake, cut short. */
  private static final String TLS = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000";

  @TempDir static Path made;
  private static TestIdentity server;
  private static TestIdentity client;
  private static TestIdentity stranger;

  @TempDir Path directory;
  private LogLines log;

  @BeforeAll
  static void makeIdentities() throws Exception {
    server = TestIdentity.make(made, "EC", "-validity", "2");
    client = TestIdentity.make(made, "EC", "-validity", "2");
    stranger = TestIdentity.make(made, "EC", "-validity", "2");
  }

  @BeforeEach
  void listen() {
    log = new LogLines(HandshakeWatch.class);
  }

  @AfterEach
  void stopListening() {
    log.close();
  }

  @Test
  void anotherProtocolThanHttp2IsToldInALine() throws IOException {
    try (OpenDoor door = OpenDoor.to(answering())) {
      send(door, HTTP_1);
      awaitRefusal(door, "it begins with HTTP/1, where gRPC is HTTP/2");
      send(door, HTTP_1);
      await().until(() -> door.failedHandshakes() == 2);
      assertThat(log.lines().size()).as("at most a line a second").isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"PRI * HTTP/1.1, HTTP/1", "\u0000\u0001\u0002, 'does not begin with HTTP/2'"})
  void whatBeginsNearlyAsHttp2IsToldToo(String sent, String told) throws IOException {
    try (OpenDoor door = OpenDoor.to(answering())) {
      send(door, sent + "\r\n\r\n");
      await().until(() -> !log.lines().isEmpty());
      assertThat(log.lines()).singleElement().asString().contains(told);
      assertThat(door.failedHandshakes()).isEqualTo(1);
    }
  }

  @Test
  void tlsOnADoorWithoutItIsTold() throws IOException {
    try (OpenDoor door = OpenDoor.to(answering())) {
      send(door, TLS);
      awaitRefusal(
          door,
          "it begins with TLS, which the door has with grpc.tls.certificate and grpc.tls.key");
    }
  }

  @Test
  void plainTextOnADoorWithTlsIsTold() throws IOException {
    try (OpenDoor door = open(Optional.empty())) {
      send(door, HTTP_1);
      awaitRefusal(door, "it does not begin with TLS");
    }
  }

  @Test
  void clientWithoutACertificateIsTold() throws IOException {
    try (OpenDoor door = open(Optional.of(client))) {
      assertRefused(door, trusting());
      awaitRefusal(door, "the client has no certificate, which grpc.tls.client.ca asks for");
    }
  }

  @Test
  void clientWithAForeignCertificateIsTold() throws IOException {
    try (OpenDoor door = open(Optional.of(client))) {
      assertRefused(door, trusting().keyManager(stream(stranger), stream(stranger.key())));
      awaitRefusal(door, "the client's certificate is not one of grpc.tls.client.ca: ");
    }
  }

  @Test
  void whoIsAnsweredAndWhoOnlyComesAndGoesIsNotTold() throws IOException {
    try (OpenDoor door = open(Optional.of(client))) {
      send(door, "");
      send(door, TLS);
      await().until(() -> door.connections() == 0);
      ManagedChannel channel =
          OpenDoor.channel(
              door.door().port(),
              trusting().keyManager(stream(client), stream(client.key())).build());
      try {
        assertThat(
                OpenDoor.stub(channel)
                    .shouldRateLimit(request("api", descriptor("user", "1")))
                    .getOverallCode())
            .isEqualTo(Code.OK);
      } finally {
        channel.shutdownNow();
      }
      assertThat(door.failedHandshakes()).isZero();
      assertThat(log.lines()).isEmpty();
    }
  }

  private void awaitRefusal(OpenDoor door, String why) {
    await().until(() -> door.failedHandshakes() > 0 && !log.lines().isEmpty());
    assertThat(log.lines().get(0))
        .matches("WARN A connection to the gRPC door from 127\\.0\\.0\\.1:\\d+ is refused: [^\n]*")
        .contains(" is refused: " + why);
  }

  private static void assertRefused(OpenDoor door, TlsChannelCredentials.Builder credentials) {
    ManagedChannel channel = OpenDoor.channel(door.door().port(), credentials.build());
    try {
      assertThatThrownBy(
              () -> OpenDoor.stub(channel).shouldRateLimit(request("api", descriptor("user", "1"))))
          .isInstanceOf(StatusRuntimeException.class);
    } finally {
      channel.shutdownNow();
    }
  }

  /** Sends that, and closes when the door has. */
  private static void send(OpenDoor door, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.door().port())) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      var unused = socket.getInputStream().readAllBytes();
    } catch (SocketException e) {
      assertThat(e).as("the door closed").hasMessageContaining("reset");
    }
  }

  private OpenDoor open(Optional<TestIdentity> authority) throws IOException {
    return OpenDoor.to(
        answering(),
        OpenDoor.settings()
            .withTls(
                new TlsFiles(
                    write("server.pem", server.certificate()),
                    write("server.key", server.key()),
                    authority.isPresent()
                        ? Optional.of(write("ca.pem", authority.get().certificate()))
                        : Optional.empty())));
  }

  private Path write(String file, String text) throws IOException {
    return Files.writeString(directory.resolve(file), text);
  }

  private static HeldLimiter answering() {
    HeldLimiter limiter = new HeldLimiter();
    limiter.answerWith(request -> CompletableFuture.completedStage(HeldLimiter.allowed(1)));
    return limiter;
  }

  private static TlsChannelCredentials.Builder trusting() throws IOException {
    return TlsChannelCredentials.newBuilder().trustManager(stream(server));
  }

  private static InputStream stream(TestIdentity identity) {
    return stream(identity.certificate());
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
