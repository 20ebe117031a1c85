package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.weir.streams.cli.Commands;
import io.weir.streams.cli.Commands.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
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
