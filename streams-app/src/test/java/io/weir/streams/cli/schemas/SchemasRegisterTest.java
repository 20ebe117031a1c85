package io.weir.streams.cli.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.Commands;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.topology.WeirSerdes;
import java.lang.reflect.ParameterizedType;
import java.util.Map;
import java.util.Set;
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

  private static Result run(Map<String, String> environment) {
    return Commands.in(environment).run("schemas", "register");
  }
}
