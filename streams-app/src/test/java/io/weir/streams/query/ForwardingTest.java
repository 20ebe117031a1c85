package io.weir.streams.query;

import static io.weir.streams.query.FakeWeir.NOW;
import static io.weir.streams.query.FakeWeir.USER;
import static io.weir.streams.query.FakeWeir.USER_ROW;
import static io.weir.streams.query.FakeWeir.missing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.weir.limiter.rule.Identifiers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingTest {
  private final FakeWeir asked = new FakeWeir();
  private final FakeWeir owner = new FakeWeir();
  private final QueryJson json = new QueryJson(new ObjectMapper());

  @AfterEach
  void stop() {
    asked.close();
    owner.close();
  }

  @Test
  void aKeyOfAnotherInstanceIsFetchedThere() {
    asked.locations.put(USER, new Location.There(owner.address()));
    owner.rows.put(USER_ROW, missing(7, NOW));
    asked.rows.put("api/ip=%3A%3A1|#", missing(1, NOW));

    LimitsAnswer answer =
        json.readLimits(asked.get("/v1/limits?domain=api&user_id=42&ip=::1").body());

    assertThat(answer.limits())
        .extracting(LimitReport::rule, LimitReport::instance)
        .containsExactly(tuple("user", owner.name()), tuple("ip", asked.name()));
    assertThat(answer.limits().get(0).standing().remaining()).isEqualTo(3);
  }

  @Test
  void allRowsOfAKeyOfAnotherInstanceAreFetchedThere() {
    String identifier = "api/path=%2Fa%20b";
    asked.locations.put(identifier, new Location.There(owner.address()));
    owner.rows.put(identifier + "|#", missing(7, NOW));

    RowsAnswer answer = json.readRows(asked.get("/v1/identifiers/" + identifier).body());

    assertThat(answer.instance()).isEqualTo(owner.name());
    assertThat(answer.rows()).hasSize(1);
  }

  @Test
  void attributesSurviveTheWayThere() {
    String odd = "a&b=c d+é%/?#|";
    String identifier = Identifiers.encode("api", "user_id", odd);
    asked.locations.put(identifier, new Location.There(owner.address()));
    owner.rows.put(identifier + "|#", missing(7, NOW));
    String query = new LimitsQuestion("api", Map.of("user_id", odd)).toQuery();

    LimitsAnswer answer = json.readLimits(asked.get("/v1/limits?" + query).body());

    assertThat(answer.limits())
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.identifier()).isEqualTo(identifier);
              assertThat(report.instance()).isEqualTo(owner.name());
              assertThat(report.standing().remaining()).isEqualTo(3);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"domain", "attribute", "attribute.ip"})
  void attributesWithNamesThatAQueryGivesAMeaningSurviveTheWayToo(String attribute) {
    String identifier = Identifiers.encode("api", attribute, "x");
    asked.locations.put(identifier, new Location.There(owner.address()));
    String query = new LimitsQuestion("api", Map.of(attribute, "x")).toQuery();

    LimitsAnswer answer = json.readLimits(asked.get("/v1/limits?" + query).body());

    assertThat(answer.limits())
        .extracting(LimitReport::identifier, LimitReport::instance)
        .containsExactly(tuple(identifier, owner.name()));
  }

  @Test
  void aQuestionThatWasPassedOnIsNeverPassedOnAgain() {
    asked.locations.put(USER, new Location.There(owner.address()));
    owner.locations.put(USER, new Location.There(asked.address()));

    for (String path :
        new String[] {"/v1/limits?domain=api&user_id=42", "/v1/identifiers/" + USER}) {
      HttpResponse<String> response = asked.get(path);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(response.body())
          .contains(owner.name() + ", which answered 503")
          .contains("the state has moved to another instance meanwhile");
    }
  }

  @Test
  void anOwnerThatRebalancesIsTold() {
    asked.locations.put(USER, new Location.There(owner.address()));
    owner.readiness = new Readiness.NotReady(Readiness.Phase.RESTORING, "43 % are restored");

    HttpResponse<String> response = asked.get("/v1/limits?domain=api&user_id=42");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("owner-unavailable", "43 % are restored");
  }

  @Test
  void anOwnerThatHasNotSeenTheRulesIsTold() {
    HttpResponse<String> response =
        owner.get("/v1/limits?domain=api&ip=1", HttpPeers.FORWARDED_HEADER, "api/user_id=42");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("has not seen the rules yet that limit api/user_id=42");
  }

  @Test
  void anOwnerThatIsGoneIsTold() throws IOException {
    HostInfo gone;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = new HostInfo("127.0.0.1", socket.getLocalPort());
    }
    asked.locations.put(USER, new Location.There(gone));

    HttpResponse<String> response = asked.get("/v1/limits?domain=api&user_id=42");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(response.body()).contains(gone.port() + ", which cannot be reached");
  }

  @Test
  void anOwnerThatDoesNotAnswerIsWaitedForNoLongerThanTheTimeout() throws IOException {
    // Connections are accepted by the kernel and nobody ever reads them.
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        FakeWeir impatient = new FakeWeir(Duration.ofMillis(200))) {
      impatient.locations.put(
          USER, new Location.There(new HostInfo("127.0.0.1", silent.getLocalPort())));

      HttpResponse<String> response = impatient.get("/v1/limits?domain=api&user_id=42");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("which did not answer within 200 ms");
    }
  }

  @Test
  void anOwnerThatStallsInTheMiddleOfItsAnswerIsWaitedForNoLongerEither() throws Exception {
    HttpServer stalling =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CompletableFuture<Void> over = new CompletableFuture<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    stalling.setExecutor(threads);
    stalling.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          over.join();
          exchange.close();
        });
    stalling.start();
    try (FakeWeir impatient = new FakeWeir(Duration.ofMillis(200))) {
      impatient.locations.put(
          USER, new Location.There(new HostInfo("127.0.0.1", stalling.getAddress().getPort())));

      HttpResponse<String> response =
          CompletableFuture.supplyAsync(
                  () -> impatient.get("/v1/limits?domain=api&user_id=42"), threads)
              .get(10, TimeUnit.SECONDS);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("which did not answer within 200 ms");
    } finally {
      over.complete(null);
      stalling.stop(0);
      threads.shutdownNow();
    }
  }

  @Test
  void anOwnerThatFailsIsToldWithoutItsInside() {
    asked.locations.put(USER, new Location.There(owner.address()));
    owner.rowsFail = true;

    HttpResponse<String> response = asked.get("/v1/limits?domain=api&user_id=42");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("which answered 500").doesNotContain("secret");
  }

  @Test
  void anAnswerThatMakesNoSenseIsNotPassedOn() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    other.start();
    try {
      asked.locations.put(
          USER, new Location.There(new HostInfo("127.0.0.1", other.getAddress().getPort())));

      HttpResponse<String> response = asked.get("/v1/limits?domain=api&user_id=42");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("which answered what makes no sense");
    } finally {
      other.stop(0);
    }
  }
}
