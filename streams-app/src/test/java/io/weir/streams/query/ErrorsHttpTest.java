package io.weir.streams.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorsHttpTest {
  private static final int TOO_LONG = 640 * 1024;

  private final FakeWeir weir = new FakeWeir();

  @AfterEach
  void stop() {
    weir.close();
  }

  @Test
  void anUnknownPathIsNotFound() throws IOException {
    HttpResponse<String> response = weir.get("/v2/limits?domain=api");

    JsonNode problem = problem(response, 404);
    assertThat(problem.path("type").asText()).isEqualTo("urn:weir:problem:not-found");
    assertThat(problem.path("instance").asText()).isEqualTo("/v2/limits");
    assertThat(problem.path("detail").asText())
        .isEqualTo("there is no path /v2/limits; /openapi.yaml lists those there are");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
  void anotherMethodIsNotAllowed(String method) throws IOException {
    HttpResponse<String> response = weir.send(method, "/v1/limits?domain=api&user_id=42");

    JsonNode problem = problem(response, 405);
    assertThat(problem.path("type").asText()).isEqualTo("urn:weir:problem:method-not-allowed");
    assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @Test
  void aBrowserGetsAProblemDocumentToo() throws IOException {
    problem(weir.get("/nowhere", "Accept", "text/html"), 404);
    assertThat(weir.send("POST", "/v1/rules", "Accept", "text/html").headers().firstValue("Allow"))
        .hasValue("GET, HEAD");
  }

  @Test
  void aFaultTellsTheCallerNothingOfTheInside() throws IOException {
    weir.rowsFail = true;

    HttpResponse<String> response = weir.get("/v1/limits?domain=api&user_id=42");

    JsonNode problem = problem(response, 500);
    assertThat(problem.path("detail").asText())
        .isEqualTo("the application failed to answer; its log says why");
    assertThat(response.body()).doesNotContain("secret", "Exception", "io.weir");
  }

  @Test
  void aMalformedEscapeIsTold() throws IOException {
    JsonNode problem = raw("GET /v1/limits?domain=api&a=%zz HTTP/1.1\r\nHost: x\r\n", 400);

    assertThat(problem.path("detail").asText())
        .isEqualTo(
            "'%zz' has a % that two hexadecimal digits do not follow; write a percent sign as %25");
  }

  @Test
  void whatTheServerItselfRefusesIsAProblemDocumentToo() throws IOException {
    String tooLong = "the request line and the headers have more than 640 KiB together; send less";

    assertUnread(
        raw("GET /v1/%zz HTTP/1.1\r\nHost: x\r\n", 400),
        "invalid-request",
        "the request line or a header is malformed; percent-encode what is no letter or digit");
    assertUnread(
        raw("GET / HTTP/1.1\r\nHost: x\r\nA: " + "x".repeat(TOO_LONG) + "\r\n", 431),
        "headers-too-long",
        tooLong);
    assertUnread(
        raw("GET /v1/limits?a=" + "x".repeat(TOO_LONG) + " HTTP/1.1\r\nHost: x\r\n", 414),
        "too-long",
        tooLong);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u4e2d", "\ud83d\ude00", "a", " "})
  void theLongestQuestionThatIsAllowedFits(String letter) {
    int each = 1024 - "attribute.a63".length();
    String attributes =
        IntStream.range(0, 64)
            .mapToObj(
                i ->
                    "&attribute.a%02d=".formatted(i)
                        + URLEncoder.encode(
                            letter.repeat(each / letter.length()), StandardCharsets.UTF_8))
            .collect(Collectors.joining());
    String domain = URLEncoder.encode("\u4e2d".repeat(256), StandardCharsets.UTF_8);

    assertThat(weir.get("/v1/limits?domain=" + domain + attributes).statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsTooMuchIsToldByItsName() throws IOException {
    String value = URLEncoder.encode("\u4e2d".repeat(1024), StandardCharsets.UTF_8);
    String attributes =
        IntStream.range(0, 64)
            .mapToObj(i -> "&attribute.a" + i + "=" + value)
            .collect(Collectors.joining());

    JsonNode problem = problem(weir.get("/v1/limits?domain=api" + attributes), 400);

    assertThat(problem.path("detail").asText())
        .isEqualTo("the attributes have 65718 characters; they may have 65536");
  }

  @Test
  void theServerDoesNotSayWhatItIsMadeOf() {
    assertThat(weir.get("/health/live").headers().map()).doesNotContainKeys("server", "Server");
  }

  @Test
  void aPortInUseIsTold() {
    HttpSettings taken = HttpSettings.of("127.0.0.1", weir.address().port(), FakeWeir.PEER_TIMEOUT);
    try (HttpDoor second = new HttpDoor(taken, List.of(), new ObjectMapper())) {
      assertThatThrownBy(second::start)
          .isInstanceOf(HttpDoorException.class)
          .hasMessage(
              "cannot listen on "
                  + weir.name()
                  + "; it may be in use, or no address of this machine: change http.host or"
                  + " http.port");
    }
  }

  @Test
  void aHostThatCannotBeResolvedIsTold() {
    HttpSettings nowhere = HttpSettings.of("nowhere.invalid", 0, FakeWeir.PEER_TIMEOUT);
    try (HttpDoor door = new HttpDoor(nowhere, List.of(), new ObjectMapper())) {
      assertThatThrownBy(door::start)
          .isInstanceOf(HttpDoorException.class)
          .hasMessage(
              "cannot listen on nowhere.invalid:0; the name nowhere.invalid cannot be resolved:"
                  + " http.host must be an address of this machine, or a name that has one");
    }
  }

  private static void assertUnread(JsonNode problem, String kind, String detail) {
    assertThat(problem.path("type").asText()).isEqualTo("urn:weir:problem:" + kind);
    assertThat(problem.path("detail").asText()).isEqualTo(detail);
    assertThat(problem.has("instance")).isFalse();
  }

  private static JsonNode problem(HttpResponse<String> response, int status) throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = new ObjectMapper().readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    return problem;
  }

  /** A request that Java's client would not send; the answer's head must name the status. */
  private JsonNode raw(String head, int status) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), weir.address().port())) {
      socket
          .getOutputStream()
          .write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 " + status);
      assertThat(answer).contains("application/problem+json");
      return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
    }
  }
}
