package io.weir.limiter.http;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.LogLines;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesWatch;
import io.weir.limiter.words.Quoted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRulesTest {
  private static HttpRules environment(Map<String, String> variables) {
    return HttpRules.builder("api").environment(variables).build();
  }

  private static HttpRules line(String line) {
    return environment(Map.of("WEIR_LIMITS_LOGIN", line));
  }

  @Test
  void aVariableIsALimitOfARoute() {
    HttpRules rules =
        line("POST /login 5/minute by address algorithm=token_bucket burst=10 on_error=deny");

    assertThat(rules.rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("address")
                    .with(
                        key("route", "POST /login")
                            .limits(
                                RuleLimit.perMinute(5)
                                    .named("login")
                                    .algorithm(new TokenBucket())
                                    .burst(10)
                                    .onError(OnError.DENY)))));
    assertThat(rules.routes().find("POST", "/login")).hasToString("Optional[POST /login]");
    assertThat(rules.keys()).isEqualTo(Map.of("login", List.of("address", "route")));
    assertThat(rules.ruleSet().find("api")).hasValue(rules.rules());
  }

  @Test
  void aLineCanBeOfAllRequestsByAnyAttributesOrShared() {
    assertThat(line("100/day by address,user").rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("address").with(key("user").limits(RuleLimit.perDay(100).named("login")))));
    assertThat(line("/files/** 10/30seconds").rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("route", "/files/{...}")
                    .limits(RuleLimit.perSecond(10).times(30).named("login"))));
    assertThat(
            environment(
                    Map.of(
                        "WEIR_LIMITS_LOGIN", "GET /health unlimited by address replaces=a,b",
                        "WEIR_LIMITS_A", "1/second by address",
                        "WEIR_LIMITS_B", "2/second by address"))
                .rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("address")
                    .limits(RuleLimit.perSecond(1).named("a"), RuleLimit.perSecond(2).named("b"))
                    .with(
                        key("route", "GET /health")
                            .limits(
                                RuleLimit.unlimited()
                                    .named("login")
                                    .replacing("a")
                                    .replacing("b")))));
    assertThat(line(" 0/Hours  by  user ").rules())
        .isEqualTo(DomainRules.of("api", key("user").limits(RuleLimit.perHour(0).named("login"))));
  }

  @Test
  void whatIsByTheSameAttributesIsInOnePlace() {
    HttpRules rules =
        environment(
            Map.of(
                "WEIR_LIMITS_PER_ADDRESS", "100/minute by address",
                "WEIR_LIMITS_LOGIN", "POST /login 5/minute by address",
                "WEIR_LIMITS_LOGINS_A_DAY", "POST /login 20/day by address",
                "PATH", "/bin"));

    assertThat(rules.rules().descriptors())
        .singleElement()
        .satisfies(
            address -> {
              assertThat(address.limits()).hasSize(1);
              assertThat(address.children())
                  .singleElement()
                  .satisfies(login -> assertThat(login.limits()).hasSize(2));
            });
    assertThat(rules.keys()).containsOnlyKeys("per-address", "login", "logins-a-day");
  }

  @Test
  void theEnvironmentWinsOverTheFileAndTheFileOverCode(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("rules.yaml"),
            """
            domain: api
            descriptors:
              - key: user
                rate_limit: {unit: minute, requests_per_unit: 2, name: per-user}
              - key: address
                rate_limit: {unit: minute, requests_per_unit: 2}
                descriptors:
                  - key: route
                    value: POST /login
                    rate_limit: {unit: minute, requests_per_unit: 2, name: login}
            """);

    HttpRules rules =
        HttpRules.builder("api")
            .environment(Map.of("WEIR_LIMITS_LOGIN", "PUT /login 1/minute by user"))
            .file(file)
            .rules(
                key("user").limit(RuleLimit.perMinute(3).named("per-user-of-code")),
                key("address").limit(RuleLimit.perMinute(3)))
            .limit("per-user", "3/minute by api_key")
            .limit("login", "3/minute by api_key")
            .build();

    assertThat(rules.rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("user")
                    .limit(RuleLimit.perMinute(3).named("per-user-of-code"))
                    .limits(RuleLimit.perMinute(2).named("per-user"))
                    .with(key("route", "PUT /login").limits(RuleLimit.perMinute(1).named("login"))),
                key("address").limit(RuleLimit.perMinute(2)).with(key("route", "POST /login")),
                key("api_key").limits(List.of())));
    assertThat(rules.keys()).isEqualTo(Map.of("login", List.of("user", "route")));
  }

  @Test
  void whatIsWatchedFollowsItsFilesAndStaysWhereTheyMakeNoSense(@TempDir Path directory)
      throws Exception {
    Path file = Files.writeString(directory.resolve("rules.yaml"), yaml("user", 1));
    HttpRules.Builder builder =
        HttpRules.builder("api")
            .file(file)
            .file("text.yaml", yaml("account", 2))
            .environment(Map.of("WEIR_LIMITS_DEFAULT", "100/minute by address"));
    try (RulesWatch<HttpRules> rules = builder.watch(Duration.ofMillis(5))) {
      HttpRules first = rules.get();
      assertThat(first.rules()).isEqualTo(builder.build().rules());
      builder.limit("later", "1/day by all");

      Files.writeString(file, yaml("user", -1));
      Awaitility.await().untilAsserted(() -> assertThat(rules.trouble()).isPresent());
      assertThat(rules.trouble().orElseThrow()).startsWith(file + ":3: ");
      assertThat(rules.get()).isSameAs(first);

      Files.writeString(file, yaml("address", 3));
      Awaitility.await().untilAsserted(() -> assertThat(rules.get()).isNotSameAs(first));
      assertThat(rules.trouble()).isEmpty();
      assertThat(rules.get().rules().descriptors())
          .extracting(Descriptor::key)
          .containsExactly("address", "account");
      assertThat(rules.get().keys()).containsOnlyKeys("default");
    }
    assertThatThrownBy(() -> HttpRules.builder("api").watch(Duration.ofSeconds(1)))
        .hasMessage("there is nothing to watch; name a rules file by its path: file(Path.of(…))");
  }

  private static String yaml(String key, int limit) {
    return """
    domain: api
    descriptors:
      - {key: %s, rate_limit: {unit: day, requests_per_unit: %d}}
    """
        .formatted(key, limit);
  }

  @Test
  void settingsOfAFrameworkStandWhereTheEnvironmentDoes() {
    assertThatThrownBy(
            () -> HttpRules.builder("api").setting("weir.limits.log.in", "log.in", "x").build())
        .hasMessageStartingWith("weir.limits.log.in is 'x': 'x' is no rate");
    assertThat(
            HttpRules.builder("api")
                .setting("weir.limits.log.in", "log.in", "5/minute by user")
                .build()
                .keys())
        .containsOnlyKeys("log-in");
  }

  @Test
  void aSettingOfFalseIsOffAndOfWhatIsNotThereIsOnlyWarnedOf() {
    HttpRules rules =
        HttpRules.builder("api")
            .limit("per-user", "3/minute by user")
            .setting("weir.limits.per-user", "per-user", "false")
            .setting("weir.limits.unknown", "unknown", "off")
            .build();

    assertThat(rules.rules().descriptors())
        .singleElement()
        .satisfies(user -> assertThat(user.limits()).isEmpty());
  }

  @Test
  void aLimitCanBeTurnedOff() {
    HttpRules rules =
        HttpRules.builder("api")
            .rules(
                DomainRules.of("api", key("user").limit(RuleLimit.perMinute(3).named("per-user"))))
            .environment(Map.of("WEIR_LIMITS_PER_USER", "off"))
            .build();

    assertThat(rules.rules().descriptors())
        .singleElement()
        .satisfies(user -> assertThat(user.limits()).isEmpty());
    assertThatThrownBy(() -> line("off"))
        .hasMessage(
            "WEIR_LIMITS_LOGIN is 'off': there is no limit login to turn off; there is none at all");
  }

  @Test
  void aLimitThatNoVariableCanSayNeedsAName() {
    assertThatThrownBy(
            () ->
                HttpRules.builder("api")
                    .rules(key("method", "POST").limit(RuleLimit.perMinute(3)))
                    .environment(Map.of("WEIR_LIMITS_API_METHOD_POST", "off"))
                    .build())
        .hasMessage(
            "WEIR_LIMITS_API_METHOD_POST is 'off': there is no limit api-method-post to turn off;"
                + " there are [api.method_POST]; 'api.method_POST' can only be turned off if it"
                + " has a name of its own");
  }

  @Test
  void everythingElseOfTheLayersBelowStays() {
    DomainRules code =
        DomainRules.of(
            "api",
            key("user", "4*")
                .shareThreshold()
                .detailedMetric()
                .valueToMetric()
                .metadata("{\"a\": 1}")
                .shadow()
                .limit(
                    RuleLimit.perMinute(3)
                        .named("four")
                        .algorithm(new LeakyBucket())
                        .burst(7)
                        .replacing("five")
                        .onError(OnError.LOCAL)),
            key("user", "5").quota().limits(RuleLimit.perSecond(9).times(7).named("five")),
            key("user", "6").unlimited());

    assertThat(
            HttpRules.builder("api")
                .rules(code)
                .limit("more", "1/minute by address")
                .build()
                .rules()
                .descriptors())
        .startsWith(code.descriptors().toArray(new Descriptor[0]))
        .hasSize(4);
    assertThat(code.descriptors().get(0).metadata()).isPresent();
  }

  @Test
  void whatAnUpperLayerOnlyPassesThroughStaysAsItIsBelow() {
    HttpRules rules =
        HttpRules.builder("api")
            .rules(key("user").shadow().limit(RuleLimit.perMinute(3)))
            .file(
                "rules.yaml",
                """
                domain: api
                descriptors:
                  - key: user
                    descriptors:
                      - {key: ip, rate_limit: {unit: day, requests_per_unit: 9}}
                """)
            .build();

    assertThat(rules.rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("user")
                    .shadow()
                    .limit(RuleLimit.perMinute(3))
                    .with(key("ip").limit(RuleLimit.perDay(9)))));
  }

  private static HttpRules.Builder shadowInTheFile() {
    return HttpRules.builder("api")
        .file(
            "rules.yaml",
            """
            domain: api
            descriptors:
              - key: address
                shadow_mode: true
                rate_limit: {unit: minute, requests_per_unit: 9, name: tried}
            """);
  }

  @Test
  void flagsOfANodeDoNotPassToLimitsOfOtherLayers() {
    assertThatThrownBy(
            () ->
                shadowInTheFile()
                    .environment(Map.of("WEIR_LIMITS_REAL", "1/minute by address"))
                    .build())
        .isInstanceOf(RulesException.class)
        .hasMessage(
            "WEIR_LIMITS_REAL is '1/minute by address': the limits real and tried are of one"
                + " descriptor, which has flags for both: real has none of these, tried has"
                + " shadow_mode; give both the same, or replace the one under its name");
    assertThatThrownBy(
            () ->
                shadowInTheFile()
                    .rules(key("address").quota().limit(RuleLimit.perMinute(3).named("real")))
                    .build())
        .hasMessageContaining("tried has shadow_mode, real has quota_mode");
    assertThatThrownBy(
            () ->
                HttpRules.builder("api")
                    .rules(
                        key("user", "4*")
                            .with(key("ip").limit(RuleLimit.perMinute(3).named("real"))))
                    .rules(
                        key("user", "4*")
                            .shareThreshold()
                            .limit(RuleLimit.perMinute(3).named("shared")))
                    .build())
        .hasMessageContaining("shared has share_threshold, real has none of these");
  }

  @Test
  void flagsThatAgreeStayAndThoseOfALimitThatIsReplacedOrOffGo() {
    Descriptor both =
        shadowInTheFile()
            .rules(key("address").shadow().limit(RuleLimit.perMinute(3).named("more")))
            .build()
            .rules()
            .descriptors()
            .get(0);
    assertThat(both.limits()).hasSize(2);
    assertThat(both.isShadow()).isTrue();

    Map<String, String> replaced = Map.of("WEIR_LIMITS_TRIED", "1/minute by address");
    Map<String, String> off =
        Map.of("WEIR_LIMITS_A", "1/minute by address", "WEIR_LIMITS_TRIED", "off");
    for (Map<String, String> variables : List.of(replaced, off)) {
      HttpRules.Builder rules = shadowInTheFile();
      Descriptor one = rules.environment(variables).build().rules().descriptors().get(0);
      assertThat(one.limits()).hasSize(1);
      assertThat(one.isShadow()).isFalse();
    }
  }

  @Test
  void aLimitKeepsItsStateWhereAnUpperLayerPutsOthersBesideIt() {
    HttpRules.Builder rules =
        HttpRules.builder("api").rules(key("address").limit(RuleLimit.perDay(100)));
    assertThat(stateKeys(rules)).containsExactly("api/address=::1|#".replace(":", "%3A"));

    rules.file(
        "rules.yaml",
        """
        domain: api
        descriptors:
          - {key: address, rate_limit: {name: of-file, unit: hour, requests_per_unit: 50}}
        """);
    rules.environment(Map.of("WEIR_LIMITS_BURST", "5/second by address"));
    assertThat(stateKeys(rules))
        .containsExactly(
            "api/address=%3A%3A1|#", "api/address=%3A%3A1|#of-file", "api/address=%3A%3A1|#burst");
  }

  private static List<String> stateKeys(HttpRules.Builder rules) {
    return rules
        .build()
        .ruleSet()
        .match("api", Map.of("address", "::1"))
        .identifiers()
        .get(0)
        .limits()
        .stream()
        .map(ApplicableLimit::stateKey)
        .toList();
  }

  @Test
  void whatALineReplacesMustBeThere() {
    String health = "GET /health unlimited by address replaces=defualt";
    HttpRules.Builder rules =
        HttpRules.builder("api")
            .limit("default", "100/minute by address")
            .rules(key("user").limit(RuleLimit.perDay(1)));
    assertThatThrownBy(() -> rules.environment(Map.of("WEIR_LIMITS_HEALTH", health)).build())
        .isInstanceOf(RulesException.class)
        .hasMessage(
            "WEIR_LIMITS_HEALTH is '"
                + health
                + "': there is no limit named defualt to replace; there are [default, health]; did"
                + " you mean 'default'?");
    assertThatThrownBy(() -> HttpRules.builder("api").limit("health", health).build())
        .hasMessageStartingWith("the limit health is '" + health + "': there is no limit named");
    try (LogLines logged = LogLines.of(HttpRules.class)) {
      // Settings may be for several applications.
      assertThat(
              HttpRules.builder("api")
                  .setting("weir.limits.health", "health", health)
                  .build()
                  .rules()
                  .descriptors())
          .hasSize(1);
      assertThat(logged.messages())
          .containsExactly(
              "weir.limits.health is '"
                  + health
                  + "': there is no limit named defualt to replace; there are [health]");
    }
  }

  @Test
  void aLineCannotReplaceWhatIsInItsOwnPlace() {
    String line = "5/minute by address replaces=default,code";
    assertThatThrownBy(
            () ->
                HttpRules.builder("api")
                    .limit("default", "100/minute by address")
                    .limit("code", "GET /c 7/minute by address")
                    .environment(Map.of("WEIR_LIMITS_A", line))
                    .build())
        .isInstanceOf(RulesException.class)
        .hasMessage(
            "WEIR_LIMITS_A is '"
                + line
                + "': it cannot replace default, which is of the same requests by the same"
                + " attributes; turn that off instead");
  }

  @Test
  void whatAFileReplacesIsWarnedOfUnlessAnotherLayerHasIt() {
    String yaml =
        """
        domain: api
        descriptors:
          - key: address
            rate_limit: {unlimited: true, replaces: [{name: of-code}, {name: of-setting}]}
          - key: user
            rate_limit: {unlimited: true, replaces: [{name: of-cod}]}
        """;
    try (LogLines logged = LogLines.of(HttpRules.class)) {
      HttpRules rules =
          HttpRules.builder("api")
              .limit("of-code", "1/day by all")
              .file("r.yaml", yaml)
              .environment(Map.of("WEIR_LIMITS_OF_SETTING", "2/day by all"))
              .build();
      assertThat(logged.messages())
          .containsExactly(
              "r.yaml:6: replaces names 'of-cod', but no limit of this domain has that name; named"
                  + " are of-code, of-setting; did you mean 'of-code'?");
      assertThat(rules).hasToString("HttpRules[api: api.address, api.user, of-code, of-setting]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WEIR_LIMIT", "WEIR_LIMIT_", "WEIR_LIMITS", "WEIR_LIMITS_"})
  void aVariableWithoutTheNameOfALimitIsAMistake(String variable) {
    assertThatThrownBy(() -> environment(Map.of(variable, "5/minute by address")))
        .isInstanceOf(RulesException.class)
        .hasMessage(
            variable
                + " is '5/minute by address': it names no limit; it must be like"
                + " WEIR_LIMITS_LOGIN");
  }

  @Test
  void aVariableThatIsNearlyALimitIsAMistake() {
    assertThatThrownBy(() -> environment(Map.of("WEIR_LIMIT_LOGIN", "5/minute by address")))
        .isInstanceOf(RulesException.class)
        .hasMessage("WEIR_LIMIT_LOGIN names no limit; it must be WEIR_LIMITS_LOGIN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                       | it has no rate; it must be like 5/minute, 10/30seconds or"
            + " unlimited",
        "5/minute                 | it names neither a route nor whom it is by; write by all for"
            + " one budget of all requests",
        "POST /login              | it has no rate; it must be like 5/minute, 10/30seconds or"
            + " unlimited",
        "POST login 5/minute      | the method POST is followed by 'login'; it must be a path",
        "POST                     | the method POST is followed by ''; it must be a path",
        "post /login 5/minute     | the method 'post' must be in capitals: POST",
        "by address 5/minute      | 'by' is no rate; it must be like 5/minute, 10/30seconds or"
            + " unlimited",
        "POTS /login 5/minute     | the route 'POTS /login' has the method 'POTS'; it must be one"
            + " that is registered, such as GET, OTHER for all that are not, or none; did you mean"
            + " 'POST'?",
        "/a** 5/minute            | the route '/a**' has the segment 'a**'; * and {name} are whole"
            + " segments",
        "/a 5 per minute          | '5' is no rate; it must be like 5/minute, 10/30seconds or"
            + " unlimited",
        "/a 5/minut               | '5/minut' has the unit 'minut'; it must be one of second,"
            + " minute, hour, day, week, month, year; did you mean 'minute'?",
        "/a 99999999999999999999/day | '99999999999999999999/day' has the number"
            + " '99999999999999999999'; it must be from 0 to 9223372036854775807",
        "/a 5/0seconds            | unit_multiplier is 0; for the unit second it must be from 1 to"
            + " 31536000000: a period of zero length holds no request",
        "/a 5/minute by           | '' behind by is no attribute; write them as in: by"
            + " address,user",
        "/a 5/minute by user,     | '' behind by is no attribute; write them as in: by"
            + " address,user",
        "/a 5/minute by user,user | 'user' behind by is said already; name each attribute once",
        "5/minute by all,user     | 'all' behind by is every request; leave it out, or the other"
            + " attributes",
        "/a 5/minute by route     | 'route' behind by is what the line begins with; leave it out",
        "5/minute by route        | 'route' behind by has no value; begin the line with the route,"
            + " as in: GET /reports 5/minute",
        "5/minute burst=9 by address | 'by' is in a wrong place; the order is: rate, by"
            + " ATTRIBUTE,…, options",
        "5/minute by user by address | 'by' is there twice; write it once, as in: by address,user",
        "OFF                      | it must be off, in small letters",
        "Off                      | it must be off, in small letters",
        "/a 5/minute burst=9      | burst has no meaning for fixed_window; leave it out, or choose"
            + " token_bucket or leaky_bucket",
        "/a 5/minute algorithm=x burst=2 | unknown algorithm 'x'; known are fixed_window,"
            + " token_bucket, leaky_bucket, sliding_window_log, sliding_window_counter",
        "/a 5/minute on_error=no  | on_error is 'no'; it must be allow, deny or local",
        "/a 5/minute burst=many   | 'burst=many' has the number 'many'; it must be from 0 to"
            + " 9223372036854775807",
        "/a 5/minute burst        | 'burst' is not understood there; what may follow is by"
            + " ATTRIBUTE,…, and once each algorithm=…, burst=…, on_error=… and replaces=…",
        "/a 5/minute brst=3       | 'brst=3' is not understood there; what may follow is by"
            + " ATTRIBUTE,…, and once each algorithm=…, burst=…, on_error=… and replaces=…; did you"
            + " mean 'burst'?",
        "/a 5/minute burst=3 burst=4 | 'burst=4' is not understood there; what may follow is by"
            + " ATTRIBUTE,…, and once each algorithm=…, burst=…, on_error=… and replaces=…"
      })
  void aLineThatMakesNoSenseIsRefused(String line, String message) {
    assertThatThrownBy(() -> line(line))
        .isInstanceOf(RulesException.class)
        .hasMessage("WEIR_LIMITS_LOGIN is '" + line + "': " + message);
  }

  @Test
  void whatIsWrongBesideTheLineIsToldWhole() {
    assertThatThrownBy(() -> HttpRules.builder(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the domain of the rules is empty; it must be a name, such as api");
    String by =
        IntStream.range(0, 64).mapToObj(i -> "a" + i).collect(Collectors.joining(",", "by ", ""));
    assertThatThrownBy(() -> line("/a 5/minute " + by))
        .hasMessage(
            "WEIR_LIMITS_LOGIN is '/a 5/minute "
                + by
                + "': it is by 65 attributes, its route among them; it must be at most 64");
    assertThat(line("5/minute " + by).keys().get("login")).hasSize(64);
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () -> environment(Map.of("WEIR_LIMITS_A", "x", "WEIR_LIMITS_B", "y", "C", "z")))
        .isInstanceOfSatisfying(RulesException.class, e -> assertThat(e.problems()).hasSize(2));
  }

  @Test
  void rulesOfAnotherDomainAreRefused() {
    DomainRules other = DomainRules.of("other", key("user").limit(RuleLimit.perMinute(1)));
    assertThatThrownBy(() -> HttpRules.builder("api").rules(other))
        .hasMessage("the rules given in code are of the domain 'other'; they must be of 'api'");
    assertThatThrownBy(
            () ->
                HttpRules.builder("api").file("r.yaml", "domain: other\ndescriptors: []\n").build())
        .hasMessageContaining("the domain 'other'; they must be of 'api'");
  }

  @Test
  void routesThatContradictEachOtherAreRefused() {
    assertThatThrownBy(
            () ->
                environment(
                    Map.of("WEIR_LIMITS_A", "/a/{x} 1/minute", "WEIR_LIMITS_B", "/a/{y} 1/minute")))
        .isInstanceOf(RulesException.class)
        .hasMessageContaining("are the same; write both in one way");
  }

  @Property
  void aLineIsReadOrRefusedWithItsNameAndItself(@ForAll("lines") String line) {
    try {
      assertThat(line(line).rules().descriptors()).isNotEmpty();
    } catch (RulesException e) {
      assertThat(e).hasMessageStartingWith("WEIR_LIMITS_LOGIN is '" + Quoted.text(line) + "': ");
    }
  }

  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.oneOf(
            Arbitraries.of(
                "GET",
                "/a",
                "/**",
                "/a/{x}",
                "5/minute",
                "unlimited",
                "by",
                "address",
                "user,ip",
                "burst=3",
                "algorithm=token_bucket",
                "algorithm=leaky_bucket",
                "replaces=b",
                "off"),
            Arbitraries.strings().ofMaxLength(4))
        .list()
        .ofMaxSize(6)
        .map(it -> String.join(" ", it));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "per\nuser", "per\u0000user"})
  void aNameThatNobodyCanReadIsRefused(String name) {
    assertThatThrownBy(() -> HttpRules.builder("api").limit(name, "5/minute by all"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the limit's name is '")
        .hasMessageEndingWith("'; it must be a word in one line, such as per-user")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s/minute by all",
        "5/%s by all",
        "/%s* 5/minute",
        "GET %s 5/minute",
        "%s",
        "5/minute by %s! x",
        "5/minute by all %s",
        "5/minute by all burst=%s",
      })
  void aLongLineIsNotRepeatedInFull(String line) {
    String text = line.formatted("x".repeat(100_000));

    assertThatThrownBy(() -> line(text))
        .isInstanceOf(RulesException.class)
        .hasMessageStartingWith("WEIR_LIMITS_LOGIN is '")
        .hasMessageContaining(" characters)")
        .extracting(failure -> String.valueOf(failure.getMessage()).length())
        .asInstanceOf(InstanceOfAssertFactories.INTEGER)
        .isLessThan(2_000);
  }

  @Test
  void variablesThatAreNotThereAreRefused() {
    assertThatThrownBy(() -> HttpRules.builder("api").environment(noVariables()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("the variables are null; give those of System.getenv()");
  }

  @SuppressWarnings("NullAway") // as callers without such checks give it
  private static Map<String, String> noVariables() {
    return null;
  }
}
