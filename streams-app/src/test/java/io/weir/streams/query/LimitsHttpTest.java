package io.weir.streams.query;

import static io.weir.streams.query.FakeWeir.LOGIN_ROW;
import static io.weir.streams.query.FakeWeir.NOW;
import static io.weir.streams.query.FakeWeir.USER_ROW;
import static io.weir.streams.query.FakeWeir.missing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsHttpTest {
  private final FakeWeir weir = new FakeWeir();
  private final QueryJson json = new QueryJson(new ObjectMapper());

  @AfterEach
  void stop() {
    weir.close();
  }

  @Test
  void everyLimitThatAppliesIsReported() {
    weir.rows.put(USER_ROW, missing(4, NOW));

    HttpResponse<String> response =
        weir.get("/v1/limits?domain=api&user_id=42&endpoint=/login&ip=10.0.0.1&unknown=x");

    assertThat(response.statusCode()).isEqualTo(200);
    LimitsAnswer answer = json.readLimits(response.body());
    assertThat(answer.domain()).isEqualTo("api");
    assertThat(answer.rulesRevision()).isEqualTo(FakeWeir.REVISION);
    assertThat(answer.limits())
        .extracting(LimitReport::rule)
        .containsExactlyInAnyOrder("user", "login", "ip");
    assertThat(answer.limits())
        .filteredOn(report -> report.rule().equals("user"))
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.instance()).isEqualTo(weir.name());
              assertThat(report.standing().remaining()).isEqualTo(6);
              assertThat(report.standing().lastAdmissionMillis())
                  .isEqualTo(OptionalLong.of(NOW.toEpochMilli()));
            });
  }

  @Test
  void aRequestThatNoRuleMatchesHasNoLimits() {
    LimitsAnswer answer = json.readLimits(weir.get("/v1/limits?domain=other&user_id=42").body());

    assertThat(answer.limits()).isEmpty();
    assertThat(answer.matched()).isFalse();
    assertThat(answer.rulesRevision()).isZero();
    assertThat(answer.warnings())
        .containsExactly("there are no rules of the domain other; there are those of api");
  }

  @Test
  void aRequestThatCouldNotBeJudgedIsWarnedOf() {
    assertThat(
            json.readLimits(weir.get("/v1/limits?domain=api&user_id=42&ip=10.0.0.1").body())
                .warnings())
        .containsExactly("a request with these attributes is answered INVALID_REQUEST: several");
    assertThat(json.readLimits(weir.get("/v1/limits?domain=api&user_id=42").body()).warnings())
        .isEmpty();
  }

  @Test
  void aRequestThatIsUnlimitedHasMatchedAndHasNoLimits() {
    LimitsAnswer answer = json.readLimits(weir.get("/v1/limits?domain=api&tier=free").body());

    assertThat(answer.limits()).isEmpty();
    assertThat(answer.matched()).isTrue();
    assertThat(answer.rulesRevision()).isEqualTo(FakeWeir.REVISION);
  }

  @ParameterizedTest
  @CsvSource({
    "attribute.domain, api/domain=x",
    "attribute.ip, api/ip=x",
    "attribute%2Eip, api/ip=x",
    "attribute.attribute.ip, api/attribute.ip=x",
    "attribute, api/attribute=x",
  })
  void everyAttributeCanBeAskedForWithAPrefix(String parameter, String identifier) {
    LimitsAnswer answer =
        json.readLimits(weir.get("/v1/limits?domain=api&" + parameter + "=x").body());

    assertThat(answer.limits())
        .extracting(LimitReport::identifier)
        .as("the attribute is %s", parameter)
        .containsExactly(identifier);
  }

  @Test
  void attributesAreDecodedOnce() {
    weir.rows.put("api/user_id=a%2520b|#", missing(1, NOW));

    LimitsAnswer answer = json.readLimits(weir.get("/v1/limits?domain=api&user_id=a%2520b").body());

    assertThat(answer.limits())
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.identifier()).isEqualTo("api/user_id=a%2520b");
              assertThat(report.standing().remaining()).isEqualTo(9);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/limits | the parameter domain is missing; for example ?domain=api&user_id=42",
        "/v1/limits?user_id=42 | the parameter domain is missing; for example"
            + " ?domain=api&user_id=42",
        "/v1/limits?domain=&user_id=42 | the parameter domain is missing; for example"
            + " ?domain=api&user_id=42",
        "/v1/limits?domain=api | there is no attribute; add at least one, for example &user_id=42",
        "/v1/limits?domain=api&user_id=1&user_id=2 | the parameter user_id is there more than"
            + " once; give it once",
        "/v1/limits?domain=api&a=1&attribute.a=1 | the attribute a is there with and without"
            + " attribute. before its name; give it once",
        "/v1/limits?domain=api&attribute.=1 | the parameter attribute. names no attribute; write it"
            + " like attribute.domain",
        "/v1/limits?attribute.domain=api&a=b | the parameter domain is missing; for example"
            + " ?domain=api&user_id=42",
        "/v1/limits?domain=api&domain=api&a=b | the parameter domain is there more than once; give"
            + " it once",
        "/v1/limits?domain=api&=42 | '=42' has no name; write name=value",
        "/v1/limits?domain=api&a=%C3 | '%C3' is not UTF-8 once its percent escapes are decoded;"
            + " encode it as UTF-8",
        "/v1/limits?domain=api&user_id= | attribute user_id is empty, but rules of domain api limit"
            + " by it; send a value, or leave the attribute out",
        "/v1/identifiers/api | 'api' is no identifier; it must be domain/key=value, each part"
            + " percent-encoded",
        "/v1/identifiers/api%2Fuser_id=42 | 'api%2Fuser_id=42' is no identifier; it must be"
            + " domain/key=value, each part percent-encoded",
        "/v1/identifiers/api/user_id=%2f | '%2f' is not percent-encoded; letters, digits, - . _ ~ stay as"
            + " they are, and every other byte of UTF-8 is %XX with upper-case digits",
        "/v1/identifiers/api/user_id=42?most=3 | the parameter most is unknown; this path takes no"
            + " parameters",
        "/v1/rules?domain=api | the parameter domain is unknown; this path takes no parameters",
      })
  void aQuestionThatMakesNoSenseIsTold(String path, String detail) throws Exception {
    HttpResponse<String> response = weir.get(path);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(new ObjectMapper().readTree(response.body()).path("detail").asText())
        .isEqualTo(detail);
  }

  @Test
  void tooManyAndTooLongAttributesAreRefused() {
    String many =
        IntStream.range(0, 65).mapToObj(i -> "&a" + i + "=1").collect(Collectors.joining());

    assertThat(weir.get("/v1/limits?domain=api" + many).body())
        .contains("there are 65 attributes; there may be 64 at most");
    assertThat(weir.get("/v1/limits?domain=api&a=" + "x".repeat(65_536)).body())
        .contains("the attributes have 65537 characters; they may have 65536");
    assertThat(weir.get("/v1/limits?a=1&domain=" + "x".repeat(257)).body())
        .contains("domain has 257 characters; it may have 256");
    assertThat(weir.get("/v1/identifiers/api/a=" + "x".repeat(4096)).body())
        .contains("the identifier is 4102 characters long; it may have 4096");
  }

  @Test
  void allRowsOfAnIdentifierAreReportedAndNoOthers() {
    weir.rows.put(USER_ROW, missing(4, NOW));
    weir.rows.put(LOGIN_ROW, missing(1, NOW));
    weir.rows.put("api/user_id=421|#", missing(9, NOW));

    RowsAnswer answer = json.readRows(weir.get("/v1/identifiers/api/user_id=42").body());

    assertThat(answer.identifier()).isEqualTo("api/user_id=42");
    assertThat(answer.instance()).isEqualTo(weir.name());
    assertThat(answer.rows()).extracting(Standing::stateKey).containsExactly(USER_ROW, LOGIN_ROW);
  }

  @Test
  void anIdentifierKeepsItsOwnEscapesInThePath() {
    weir.rows.put("api/path=%2Fa%20b|#", missing(4, NOW));

    RowsAnswer answer = json.readRows(weir.get("/v1/identifiers/api/path=%2Fa%20b").body());

    assertThat(answer.identifier()).isEqualTo("api/path=%2Fa%20b");
    assertThat(answer.rows()).hasSize(1);
  }

  @Test
  void nothingIsAnsweredWhileTheGroupRebalances() {
    weir.readiness =
        new Readiness.NotReady(Readiness.Phase.REBALANCING, "the group is sharing out");

    for (String path :
        new String[] {"/v1/limits?domain=api&user_id=42", "/v1/identifiers/api/user_id=42"}) {
      HttpResponse<String> response = weir.get(path);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(response.body())
          .contains("urn:weir:problem:not-ready", "the group is sharing out");
    }
  }

  @Test
  void anUnknownOwnerIsTold() {
    weir.locations.put("api/user_id=42", new Location.Unknown("no instance is known"));

    HttpResponse<String> response = weir.get("/v1/limits?domain=api&user_id=42");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(response.body()).contains("owner-unavailable", "no instance is known");
  }
}
