package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.LimitMode;
import io.weir.streams.query.LimitReport;
import io.weir.streams.query.LimitsAnswer;
import io.weir.streams.query.QueryJson;
import io.weir.streams.query.Standing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class QueryCommandTest {
  private static final String NO_RULE =
      "No rule with a limit matches these attributes in the domain api." + System.lineSeparator();
  private static final long NOW = 1_700_000_000_000L;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server = stub();
  private int status = 200;
  private String answer = "";
  private List<String> warnings = List.of();

  @BeforeEach
  void start() {
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theLimitsArePrintedAsATable() {
    answer =
        json(
            report("user_id", LimitMode.ENFORCED, Verdict.DENY, OptionalLong.of(4_200), 0, 12_000),
            report("ip", LimitMode.SHADOW, Verdict.ALLOW, OptionalLong.empty(), 7, 0));

    assertThat(run("query", "api", "user_id=42", "--url", url())).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "IDENTIFIER      RULE         LIMIT             REMAINING  NOW              FULL AGAIN"
                + "  LAST ADMITTED  INSTANCE",
            "api/user_id=42  user_id      10 / 1m burst 20  0          denies for 4.2s  in 12s    "
                + "  1m 30s ago     host:1",
            "api/user_id=42  ip (shadow)  10 / 1m burst 20  7          allows           now       "
                + "  1m 30s ago     host:1");
  }

  @Test
  void attributesAreEncodedForTheWay() {
    answer = json();

    run("query", "a&b", "endpoint=/a=b?c", "user_id=é", "--url", url() + "/");

    assertThat(asked)
        .containsExactly("/v1/limits?domain=a%26b&endpoint=%2Fa%3Db%3Fc&user_id=%C3%A9");
  }

  @Test
  void theDomainIsTheFirstArgumentOrAnOption() {
    answer = json();

    run("query", "--domain", "api", "user_id=42", "ip=x", "--url", url());
    run("query", "api", "user_id=42", "ip=x", "--url", url());
    run("query", "-d", "a=b", "user_id=42", "--url", url());

    assertThat(asked)
        .containsExactly(
            "/v1/limits?domain=api&user_id=42&ip=x",
            "/v1/limits?domain=api&user_id=42&ip=x",
            "/v1/limits?domain=a%3Db&user_id=42");
  }

  @Test
  void attributesMayHaveAnyName() {
    answer = json();

    run("query", "api", "domain=x", "attribute.a=y", "attribute=z", "--url", url());

    assertThat(asked)
        .containsExactly(
            "/v1/limits?domain=api&attribute.domain=x&attribute.attribute.a=y&attribute=z");
  }

  @Test
  void aRequestWithoutLimitsSaysSo() {
    answer = json();

    assertThat(run("query", "api", "user_id=42", "--url", url())).isZero();

    assertThat(out).hasToString(NO_RULE);
  }

  @Test
  void whatTheInstanceWarnsOfIsToldOnStandardError() {
    warnings = List.of("there are no rules of the domain api; there are those of web");
    answer = json();

    assertThat(run("query", "api", "user_id=42", "--url", url())).isZero();

    assertThat(err.toString().lines())
        .containsExactly("warning: there are no rules of the domain api; there are those of web");
    assertThat(out).hasToString(NO_RULE);
  }

  @Test
  void programsGetTheAnswerAsItCame() {
    answer = json();

    assertThat(run("query", "api", "user_id=42", "--json", "--url", url())).isZero();

    assertThat(out).hasToString(answer);
  }

  @Test
  void aRefusalIsOneSentenceAndAHint() {
    status = 503;
    answer = "{\"detail\": \"the group is sharing out its partitions anew\"}";

    assertThat(run("query", "api", "user_id=42", "--url", url())).isEqualTo(Weir.FAILED);

    assertThat(err.toString().lines())
        .containsExactly(
            "error: the group is sharing out its partitions anew",
            "hint: try again in a moment; /health/ready says how it is");
  }

  @Test
  void nobodyThereIsOneSentenceAndAHint() {
    String url = url();
    server.stop(0);

    assertThat(run("query", "api", "user_id=42", "--url", url)).isEqualTo(Weir.FAILED);

    assertThat(err.toString().lines())
        .containsExactly(
            "error: nothing answers at " + url,
            "hint: is Weir running? --url sets the HTTP address of an instance");
  }

  @Test
  void somethingElseThatAnswersIsToldApart() {
    answer = "<html>hello</html>";

    assertThat(run("query", "api", "user_id=42", "--url", url())).isEqualTo(Weir.FAILED);

    assertThat(err.toString()).startsWith("error: what answers at " + url() + " is no instance");
  }

  @Test
  void aCheckOfADomainThatHasNoRulesWarns() {
    answer = "{\"verdict\": \"ALLOW\", \"reason\": \"NO_RULE\", \"statuses\": []}";
    server.createContext(
        "/v1/rules/no pe",
        exchange -> {
          byte[] body =
              "{\"detail\": \"there are no rules of the domain no pe; there are those of api\"}"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });

    assertThat(run("check", "no pe", "user_id=42", "--url", url())).isZero();

    assertThat(out.toString()).startsWith("ALLOW: NO_RULE");
    assertThat(err.toString().strip())
        .isEqualTo("warning: there are no rules of the domain no pe; there are those of api");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the answer is no JSON object",
        "[] | the answer is no JSON object",
        "{} | the answer is no decision: its verdict is ''",
        "<p>hello</p> | the answer is not JSON",
      })
  void whatIsNoDecisionIsTold(String text, String why) {
    answer = text;

    assertThat(run("check", "api", "user_id=42", "--url", url())).isEqualTo(Weir.FAILED);

    assertThat(err.toString())
        .startsWith("error: what answers at " + url() + " is no instance of Weir: " + why);
  }

  @Test
  void whatIsNoAttributeIsAMistakeOnTheCommandLine() {
    assertThat(run("query", "api", "42", "--url", url())).isEqualTo(2);
    assertThat(err.toString()).contains("'42' is no attribute; write NAME=VALUE");
    assertThat(run("query", "api", "a=1", "a=2", "--url", url())).isEqualTo(2);
    assertThat(err.toString()).contains("the attribute a is there more than once");
    assertThat(run("query", "api")).isEqualTo(2);
    assertThat(asked).isEmpty();
  }

  @Test
  void anAnswerThatBeginsButDoesNotEndIsGivenUpOn() {
    server.createContext(
        "/stuck",
        exchange -> {
          exchange.sendResponseHeaders(200, 10);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
        });
    List<Exception> failures = new ArrayList<>();

    int code =
        new CommandLine(new QueryCommand(context(Map.of()), Duration.ofMillis(200)))
            .setExecutionExceptionHandler(
                (thrown, command, parsed) -> {
                  failures.add(thrown);
                  return Weir.FAILED;
                })
            .execute("api", "user_id=42", "--url", url() + "/stuck");

    assertThat(code).isEqualTo(Weir.FAILED);
    assertThat(failures)
        .singleElement()
        .isInstanceOf(CommandFailure.class)
        .asString()
        .contains("/stuck does not answer");
  }

  @Test
  void theEnvironmentNamesTheInstanceUnlessAnOptionDoes() {
    Map<String, String> environment = Map.of("WEIR_URL", url() + "/nowhere");

    assertThat(run(environment, "query", "api", "user_id=42")).isEqualTo(Weir.FAILED);
    assertThat(err.toString()).contains("error: what answers at " + url() + "/nowhere ");
    assertThat(run(environment, "query", "api", "user_id=42", "--url", "http://127.0.0.1:1"))
        .isEqualTo(Weir.FAILED);
    assertThat(err.toString()).contains("error: nothing answers at http://127.0.0.1:1");
  }

  @Test
  void anAddressOfTheEnvironmentThatIsNoneIsRefused() {
    Map<String, String> environment = Map.of("WEIR_URL", "localhost:8080");

    assertThat(run(environment, "query", "api", "user_id=42")).isEqualTo(Weir.FAILED);
    assertThat(err.toString())
        .startsWith("error: environment variable WEIR_URL is 'localhost:8080'; it must be an http");
  }

  private int run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private static CommandContext context(Map<String, String> environment) {
    return new CommandContext(environment, new ByteArrayInputStream(new byte[0]), Terminal.NONE);
  }

  private int run(Map<String, String> environment, String... arguments) {
    return Weir.commandLine(context(environment))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private String json(LimitReport... reports) {
    return new QueryJson(new ObjectMapper())
        .write(new LimitsAnswer("api", 7, reports.length > 0, warnings, List.of(reports)))
        .toString();
  }

  private static LimitReport report(
      String rule,
      LimitMode mode,
      Verdict verdict,
      OptionalLong retryAfterMillis,
      long remaining,
      long fullAfterMillis) {
    return new LimitReport(
        "api/user_id=42",
        "host:1",
        NOW,
        rule,
        mode,
        verdict,
        retryAfterMillis,
        new Standing(
            "api/user_id=42|#",
            "token_bucket",
            10,
            60_000,
            20,
            remaining,
            NOW + fullAfterMillis,
            OptionalLong.of(NOW - 90_000)));
  }

  private static HttpServer stub() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError("no port is free", e);
    }
  }
}
