package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static io.weir.streams.gateway.envoy.OpenDoor.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.weir.streams.gateway.LogLines;
import io.weir.streams.gateway.StopTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvoyTlsTest {
  @TempDir static Path made;
  private static TestIdentity first;
  private static TestIdentity second;
  private static TestIdentity client;

  @TempDir Path directory;
  private LogLines log;

  @BeforeAll
  static void makeIdentities() throws Exception {
    first = TestIdentity.make(made, "EC", "-validity", "2");
    second = TestIdentity.make(made, "RSA", "-validity", "2");
    client = TestIdentity.make(made, "EC", "-validity", "2");
  }

  @BeforeEach
  void listen() {
    log = new LogLines(Certificates.class);
  }

  @AfterEach
  void stopListening() {
    log.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoTrustsTheCertificateIsAnswered(boolean elliptic) {
    TestIdentity server = elliptic ? first : second;
    try (OpenDoor door = open(server, Optional.empty())) {
      assertThat(ask(door, trusting(server))).isEqualTo(Status.Code.OK);
      assertThat(ask(door, trusting(client))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(ask(door, InsecureChannelCredentials.create())).isEqualTo(Status.Code.UNAVAILABLE);
    }
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void clientMustHaveACertificateWhereAnAuthorityIsGiven() {
    try (OpenDoor door = open(first, Optional.of(client))) {
      assertThat(ask(door, trusting(first, client))).isEqualTo(Status.Code.OK);
      assertThat(ask(door, trusting(first))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(ask(door, trusting(first, second))).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void renewedCertificateIsShownWithoutARestart() {
    try (OpenDoor door = open(first, Optional.empty())) {
      ManagedChannel open = OpenDoor.channel(door.door().port(), trusting(first));
      try {
        assertThat(ask(open)).isEqualTo(Status.Code.OK);
        write(second, Optional.empty());
        await().until(() -> ask(door, trusting(second)) == Status.Code.OK);
        assertThat(ask(door, trusting(first))).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(ask(open)).as("a connection that was open").isEqualTo(Status.Code.OK);
      } finally {
        open.shutdownNow();
      }
    }
    assertThat(log.lines()).contains("INFO The certificates of the gRPC door were read anew");
  }

  @Test
  void renewedAuthorityIsBelievedWithoutARestart() {
    try (OpenDoor door = open(first, Optional.of(second))) {
      assertThat(ask(door, trusting(first, client))).isEqualTo(Status.Code.UNAVAILABLE);
      write("ca.pem", client.certificate());
      await().until(() -> ask(door, trusting(first, client)) == Status.Code.OK);
      assertThat(ask(door, trusting(first, second))).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void brokenRenewalKeepsTheOldCertificateAndIsLoggedOnce() throws Exception {
    try (OpenDoor door = open(first, Optional.of(client))) {
      Files.delete(path("ca.pem"));
      awaitComplaint("grpc.tls.client.ca: " + path("ca.pem") + ": there is no such file");
      assertThat(ask(door, trusting(first, client))).isEqualTo(Status.Code.OK);
      write("ca.pem", client.certificate());
      write("server.pem", "this is no certificate\n");
      awaitComplaint(
          "grpc.tls.certificate: "
              + path("server.pem")
              + " holds no certificate; it must be PEM, with -----BEGIN CERTIFICATE-----");
      assertThat(ask(door, trusting(first, client))).isEqualTo(Status.Code.OK);
      // The certificate comes before its key, as when somebody copies one after the other.
      write("server.pem", second.certificate());
      awaitComplaint(
          "grpc.tls.key: "
              + path("server.key")
              + " is not the key of the first certificate in "
              + path("server.pem"));
      assertThat(ask(door, trusting(first, client))).isEqualTo(Status.Code.OK);
      write("server.key", second.key());
      await().until(() -> ask(door, trusting(second, client)) == Status.Code.OK);
    }
    assertThat(log.lines()).doesNotHaveDuplicates();
  }

  private void awaitComplaint(String complaint) {
    await()
        .untilAsserted(
            () ->
                assertThat(log.lines())
                    .contains(
                        "ERROR The certificates of the gRPC door stay as they are: " + complaint));
  }

  @Test
  void certificateThatIsOutOfDateIsWarnedOf() throws Exception {
    TestIdentity old =
        TestIdentity.make(made, "EC", "-startdate", "2020/01/01 00:00:00", "-validity", "1");
    open(old, Optional.empty()).close();
    assertThat(log.lines())
        .singleElement()
        .asString()
        .startsWith("WARN The certificate in " + directory.resolve("server.pem") + " is valid from")
        .endsWith("; clients may refuse it");
  }

  @Test
  void fileThatIsNotThereStopsTheStart() {
    write(first, Optional.empty());
    assertMistake(
        new TlsFiles(directory.resolve("gone.pem"), path("server.key"), Optional.empty()),
        "grpc.tls.certificate: " + path("gone.pem") + ": there is no such file");
    assertMistake(
        new TlsFiles(path("server.pem"), directory, Optional.empty()),
        "grpc.tls.key: " + directory + ": is a directory; name a file in it");
  }

  @Test
  void fileThatIsSomethingElseStopsTheStart() {
    write(first, Optional.of(client));
    write("empty.pem", "");
    assertMistake(
        new TlsFiles(path("empty.pem"), path("server.key"), Optional.empty()),
        "grpc.tls.certificate: "
            + path("empty.pem")
            + " holds no certificate; it must be PEM, with -----BEGIN CERTIFICATE-----");
    assertMistake(
        new TlsFiles(path("server.pem"), path("server.key"), Optional.of(path("server.key"))),
        "grpc.tls.client.ca: "
            + path("server.key")
            + " holds no certificate; it must be PEM, with -----BEGIN CERTIFICATE-----");
    for (String key :
        new String[] {
          "",
          first.certificate(),
          first.key().replace("PRIVATE KEY", "EC PRIVATE KEY"),
          first.key().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
          "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n"
        }) {
      write("bad.key", key);
      assertMistake(
          new TlsFiles(path("server.pem"), path("bad.key"), Optional.empty()),
          "grpc.tls.key: "
              + path("bad.key")
              + " holds no private RSA or EC key in PKCS#8; it must be PEM, with -----BEGIN PRIVATE"
              + " KEY-----, as 'openssl pkcs8 -topk8 -nocrypt' writes it");
    }
  }

  @Test
  void keyOfAnotherCertificateStopsTheStart() {
    write(first, Optional.empty());
    for (TestIdentity other : new TestIdentity[] {second, client}) {
      write("other.key", other.key());
      assertMistake(
          new TlsFiles(path("server.pem"), path("other.key"), Optional.empty()),
          "grpc.tls.key: "
              + path("other.key")
              + " is not the key of the first certificate in "
              + path("server.pem"));
    }
  }

  private static void assertMistake(TlsFiles files, String message) {
    assertThatThrownBy(
            () ->
                new EnvoyDoor(
                    OpenDoor.settings().withTls(files).build(),
                    StopTime.of(Duration.ofSeconds(20)),
                    new HeldLimiter(),
                    OpenDoor.reporter(decided -> {}),
                    OpenDoor.metrics()))
        .isInstanceOf(EnvoyDoorException.class)
        .hasMessage(message);
  }

  private OpenDoor open(TestIdentity server, Optional<TestIdentity> authority) {
    write(server, authority);
    HeldLimiter limiter = new HeldLimiter();
    limiter.answerWith(request -> CompletableFuture.completedStage(HeldLimiter.allowed(1)));
    return OpenDoor.to(
        limiter,
        OpenDoor.settings()
            .withTls(
                new TlsFiles(
                    path("server.pem"), path("server.key"), authority.map(any -> path("ca.pem")))));
  }

  private void write(TestIdentity server, Optional<TestIdentity> authority) {
    write("server.pem", server.certificate());
    write("server.key", server.key());
    authority.ifPresent(ca -> write("ca.pem", ca.certificate()));
  }

  /** At once, so that nobody sees a half of it. */
  private void write(String file, String text) {
    try {
      Path whole = Files.writeString(Files.createTempFile(directory, "new", ""), text);
      Files.move(whole, path(file), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path path(String file) {
    return directory.resolve(file);
  }

  private static ChannelCredentials trusting(TestIdentity server) {
    return trust(server).build();
  }

  private static ChannelCredentials trusting(TestIdentity server, TestIdentity self) {
    try {
      return trust(server).keyManager(stream(self.certificate()), stream(self.key())).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TlsChannelCredentials.Builder trust(TestIdentity server) {
    try {
      return TlsChannelCredentials.newBuilder().trustManager(stream(server.certificate()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Asks on a connection of its own. */
  private static Status.Code ask(OpenDoor door, ChannelCredentials credentials) {
    ManagedChannel channel = OpenDoor.channel(door.door().port(), credentials);
    try {
      return ask(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private static Status.Code ask(ManagedChannel channel) {
    try {
      assertThat(
              OpenDoor.stub(channel)
                  .shouldRateLimit(request("api", descriptor("user", "1")))
                  .getOverallCode())
          .isEqualTo(Code.OK);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }
}
