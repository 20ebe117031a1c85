package io.weir.streams.cli.schemas;

import static io.weir.streams.serde.StubRegistry.error;
import static io.weir.streams.serde.StubRegistry.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.Commands;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.serde.StubRegistry;
import io.weir.streams.serde.StubRegistry.Reply;
import io.weir.streams.topology.WeirSerdes;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class SchemasRegisterTest {

  @Test
  void everySchemaThatWeirWritesIsAmongThem() {
    Set<String> written =
        Stream.of(WeirSerdes.class.getRecordComponents())
            .map(serde -> ((ParameterizedType) serde.getGenericType()).getActualTypeArguments()[0])
            .filter(type -> SpecificRecord.class.isAssignableFrom((Class<?>) type))
            .map(type -> ((Class<?>) type).getSimpleName())
            .collect(Collectors.toSet());

    assertThat(OwnSchema.all(SettingsLoader.of(Map.of())))
        .extracting(own -> own.schema().getName())
        .hasSize(8)
        .containsExactlyInAnyOrderElementsOf(written);
  }

  @Test
  void subjectsAreTheTopicsOfTheSettingsInOneOrder() {
    assertThat(
            OwnSchema.all(
                SettingsLoader.of(Map.of("topics.rules", "my.rules", "application.id", "mine"))))
        .extracting(OwnSchema::subject)
        .containsExactly(
            "weir.requests-value",
            "weir.decisions-value",
            "my.rules-value",
            "weir.releases-value",
            "mine-limit-checks-repartition-value",
            "mine-request-checks-repartition-value",
            "mine-limit-answers-repartition-value",
            "mine-weir-joins-changelog-value");
  }

  @Test
  void aRegistryThatIsAwayIsNamed() {
    Result away =
        run(
            Map.of(
                "WEIR_SCHEMA_REGISTRY_URL", "http://127.0.0.1:1",
                "WEIR_SCHEMA_REGISTRY_RETRY_TIMEOUT_MS", "1"));

    assertThat(away.code()).isEqualTo(1);
    assertThat(away.out()).isEmpty();
    assertThat(away.err())
        .contains("error: the schema registry does not answer: ", "http://127.0.0.1:1")
        .contains("hint: is it running, and is schema.registry.url right? --registry sets it");
  }

  @Test
  void aRegistryThatRefusesThePasswordMakesOneLookAtIt() throws IOException {
    try (StubRegistry registry = StubRegistry.http()) {
      registry.answer(asked -> error(401, 401, "Unauthorized"));

      Result refused = run(by(registry));

      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .contains("error: the schema registry refuses: ", "answered 401 (Unauthorized)")
          .contains("hint: look at schema.registry.url and the credentials");
    }
  }

  @Test
  void whatWasRegisteredBeforeOneWasRefusedIsToldAndSoIsWhatToDoAboutThatOne() throws IOException {
    try (StubRegistry registry = StubRegistry.http()) {
      refusing(registry, "weir.rules-value/versions", error(409, 409, "TYPE_MISMATCH"));

      Result refused = run(by(registry));

      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out().lines().map(line -> line.replaceAll(" +", " ")))
          .containsExactly(
              "SUBJECT VERSION ID SCHEMA",
              "weir.requests-value 1 1 RequestEvent",
              "weir.decisions-value 1 2 Decision");
      assertThat(refused.err())
          .contains("registering io.weir.schemas.DomainRules under weir.rules-value failed")
          .contains("answered 409 (TYPE_MISMATCH); the schema breaks the subject's compatibility")
          .contains("hint: look at what is registered under the subject")
          .doesNotContain("credentials", "schema.registry.url");
    }
  }

  @Test
  void aSchemaThatTheRegistryDoesNotTakeIsNoMatterOfItsAddress() throws IOException {
    try (StubRegistry registry = StubRegistry.http()) {
      refusing(registry, "weir.requests-value/versions", error(422, 42205, "Subject is read-only"));

      Result refused = run(by(registry));

      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .contains("answered 422 (Subject is read-only)")
          .contains("hint: the registry says why; one that is read-only takes no schema")
          .doesNotContain("credentials", "schema.registry.url");
    }
  }

  @Test
  void aSchemaThatIsRegisteredIsToldEvenWhereTheRegistryThenDoesNotSayItsVersion()
      throws IOException {
    try (StubRegistry registry = StubRegistry.http()) {
      refusing(registry, "weir.decisions-value", error(403, 403, "may write only"));

      Result refused = run(by(registry));

      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out().lines().map(line -> line.replaceAll(" +", " ")))
          .containsExactly(
              "SUBJECT VERSION ID SCHEMA",
              "weir.requests-value 1 1 RequestEvent",
              "weir.decisions-value unknown 2 Decision");
      assertThat(refused.err())
          .contains("looking up io.weir.schemas.Decision under weir.decisions-value failed");

      assertThat(Commands.in(by(registry)).run("schemas", "register", "--json").out())
          .contains(
              "{\"subject\":\"weir.decisions-value\",\"version\":null,\"id\":",
              ",\"schema\":\"Decision\"}]");
    }
  }

  @Test
  void aRegistryInMemoryWouldBeGoneWithTheCommandAndIsNoSetting() {
    assertThat(run(Map.of("WEIR_SCHEMA_REGISTRY_URL", "mock://weir")))
        .isEqualTo(
            new Result(
                1,
                "",
                """
                error: environment variable WEIR_SCHEMA_REGISTRY_URL: schema.registry.url is \
                'mock://weir'; it must be one or more http:// or https:// addresses, separated by \
                commas
                hint: docs/settings.md lists all settings
                """));
  }

  @Test
  void schemasOfAnotherSerdeAreNotRegistered() {
    assertThat(run(Map.of("WEIR_SERDE_CLASS", "com.example.Serde")).err())
        .contains("error: serde.class is com.example.Serde, which gives schemas a form of its own");
  }

  @Test
  void whichCommandIsMeantHasToBeSaid() {
    Result result = Commands.in(Map.of()).run("schemas");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("which command: register?");
  }

  /** Takes all schemas, and refuses one request. */
  private static void refusing(StubRegistry registry, String path, Reply refusal) {
    AtomicInteger ids = new AtomicInteger();
    registry.answer(
        asked -> {
          if (asked.what().equals("POST /subjects/" + path)) {
            return refusal;
          }
          return ok(
              asked.what().endsWith("/versions")
                  ? "{\"id\": " + ids.incrementAndGet() + "}"
                  : "{\"id\": " + ids.get() + ", \"version\": 1}");
        });
  }

  private static Map<String, String> by(StubRegistry registry) {
    return Map.of("WEIR_SCHEMA_REGISTRY_URL", registry.url());
  }

  private static Result run(Map<String, String> environment) {
    return Commands.in(environment).run("schemas", "register");
  }
}
