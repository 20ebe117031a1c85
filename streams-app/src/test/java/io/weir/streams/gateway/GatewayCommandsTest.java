package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.weir.streams.cli.Commands;
import io.weir.streams.cli.Commands.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code weir check} and a gateway. */
class GatewayCommandsTest {
  private static final int DENIED = 3;

  private final FakeGateway gateway = new FakeGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void theDecisionIsPrintedAndTheExitCodeTellsTheVerdict() {
    Result allowed = check("api", "user_id=42", "--cost", "3");
    assertThat(allowed.err()).isEmpty();
    assertThat(allowed.code()).isZero();
    assertThat(allowed.out().lines())
        .containsExactly(
            "ALLOW: WITHIN_LIMIT",
            "IDENTIFIER      RULE  LIMIT   REMAINING  VERDICT  FULL AGAIN",
            "api/user_id=42  user  3 / 1m  0          allows   in 1m");

    Result denied = check("api", "user_id=42");
    assertThat(denied.code()).isEqualTo(DENIED);
    assertThat(denied.out().lines())
        .containsExactly(
            "DENY: OVER_LIMIT, try again in 20s",
            "IDENTIFIER      RULE  LIMIT   REMAINING  VERDICT         FULL AGAIN",
            "api/user_id=42  user  3 / 1m  0          denies for 20s  in 1m");
  }

  @Test
  void aPeekTakesNothing() {
    for (int i = 0; i < 5; i++) {
      assertThat(check("--domain", "api", "user_id=42", "--peek").code()).isZero();
    }
    assertThat(check("api", "user_id=42", "--peek", "--cost", "2").code()).isEqualTo(2);
  }

  @Test
  void theDecisionIsPrintedAsItCame() {
    Result result = check("api", "user_id=42", "--json", "--request-id", "mine");

    assertThat(result.out()).startsWith("{\"request_id\":\"mine\",").endsWith("}\n");
  }

  @Test
  void whereNoRuleMatchesThereIsNoTable() {
    assertThat(check("api", "nothing=1").out()).isEqualTo("ALLOW: NO_RULE\n");
  }

  @Test
  void whatIsInvalidOrDegradedSaysWhy() {
    Result invalid = check("api", "user_id=");
    assertThat(invalid.code()).isEqualTo(DENIED);
    assertThat(invalid.out()).startsWith("DENY: INVALID_REQUEST; ");

    gateway.change = decision -> decision.asDegraded("Redis is away");
    assertThat(check("api", "user_id=42").out())
        .startsWith("ALLOW: WITHIN_LIMIT, without Redis; Redis is away\n");
  }

  @Test
  void whatIsNotAnsweredIsAFailure() {
    gateway.readiness.stopping();
    Result stopping = check("api", "user_id=42");
    assertThat(stopping.code()).isEqualTo(1);
    assertThat(stopping.err().lines())
        .containsExactly(
            "error: the gateway is stopping",
            "hint: try again in a moment; /health/ready says how it is");

    assertThat(check("api", "user_id=42", "--url", "http://127.0.0.1:1").err())
        .startsWith("error: nothing answers at http://127.0.0.1:1");
  }

  @Test
  void anArgumentThatIsEmptyIsTold() {
    String mistake =
        "error: an argument is empty; write the domain of the rules and NAME=VALUE, such as api"
            + " user_id=42";
    for (String[] arguments :
        List.of(
            new String[] {""},
            new String[] {"", "user_id=42"},
            new String[] {"api", ""},
            new String[] {"-d", "api", ""})) {
      Result result = check(arguments);
      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err()).startsWith(mistake);
    }
  }

  /** As a door for gRPC does, whose address is easily taken for that of the door for HTTP. */
  @Test
  void bytesThatAreNoTextAreNotPrinted() throws Exception {
    try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + door.getLocalPort();
      CompletableFuture<Void> settings =
          CompletableFuture.runAsync(() -> greet(door, "\0\0\6\4\0\0\0\0\0\33[2J\r\n\r\n"));

      Result result = check("api", "user_id=42", "--url", url);

      settings.get(20, TimeUnit.SECONDS);
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err().lines())
          .containsExactly(
              "error: what answers at " + url + " does not speak HTTP: it is no HTTP door of Weir",
              "hint: --url sets the HTTP address of an instance; that of Envoy's requests,"
                  + " grpc.port, is another one");
    }
  }

  @Test
  void controlCharactersOfAnAnswerAreNotPrinted() throws IOException {
    assertThat(checkAnswered(200, "{\"verdict\":\"ALLOW\",\"reason\":\"\\u001b[2JGONE\"}").out())
        .isEqualTo("ALLOW: \uFFFD[2JGONE\n");
    assertThat(checkAnswered(200, "{\"verdict\":\"\\u001b[2J\"}").err())
        .contains("its verdict is '\uFFFD[2J'");
    assertThat(checkAnswered(500, "{\"detail\":\"so\\nit \\u001b[2J\"}").err())
        .isEqualTo("error: so it \uFFFD[2J\n");
  }

  /** What is printed of an answer of another server. */
  private static Result checkAnswered(int status, String body) throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    other.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          var unused = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    other.start();
    try {
      return Commands.in(Map.of())
          .run(
              "check",
              "api",
              "user_id=42",
              "--url",
              "http://127.0.0.1:" + other.getAddress().getPort());
    } finally {
      other.stop(0);
    }
  }

  @Test
  void whatAnswersSomethingElseThanHttpIsToldFromWhatDoesNotAnswer() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + other.getLocalPort();
      CompletableFuture<Void> greeting =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 2; i++) {
                  greet(other, "SSH-2.0-other\r\n");
                }
              });

      Result plain = check("api", "user_id=42", "--url", "http://" + address);
      Result tls = check("api", "user_id=42", "--url", "https://" + address);

      greeting.get(20, TimeUnit.SECONDS);
      assertThat(plain.code()).isEqualTo(1);
      assertThat(plain.err())
          .startsWith("error: what answers at http://" + address + " does not speak HTTP: ")
          .contains("SSH-2.0-other")
          .contains("hint: --url sets the HTTP address of an instance");
      assertThat(tls.code()).isEqualTo(1);
      assertThat(tls.err())
          .startsWith("error: what answers at https://" + address + " cannot be asked over TLS: ");
    }
  }

  private static void greet(ServerSocket other, String greeting) {
    try (Socket socket = other.accept()) {
      socket.setSoTimeout(1_000);
      socket.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      var unused = socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // The client has closed its end already, or never does.
    }
  }

  @Test
  void aWrongPathOfAGatewayIsTold() {
    String url = "http://127.0.0.1:" + gateway.port();
    Result wrong = check("api", "user_id=42", "--url", url + "/weir");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err().lines())
        .containsExactly(
            "error: " + url + "/weir has no /v1/check: it answers 404",
            "hint: --url is an address without a path, such as http://127.0.0.1:8080, unless a"
                + " proxy puts Weir under one");
    assertThat(check("api", "user_id=42", "--url", url + "/").code()).isZero();
  }

  @Test
  void whoTakesNoChecksIsNoGateway() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.start();
    try {
      Result result =
          Commands.in(Map.of("WEIR_URL", "http://127.0.0.1:" + other.getAddress().getPort()))
              .run("check", "api", "user_id=42");
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("it is no gateway").contains("./weir gateway starts one");
    } finally {
      other.stop(0);
    }
  }

  private Result check(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "check";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Commands.in(Map.of("WEIR_URL", "http://127.0.0.1:" + gateway.port())).run(all);
  }
}
