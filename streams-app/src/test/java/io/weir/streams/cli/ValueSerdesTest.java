package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.weir.streams.config.SettingsLoader;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

class ValueSerdesTest {

  @Test
  void everyNameOfTheSerdeMayBeGiven() {
    assertThatCode(
            () ->
                make(
                    Map.of(
                        "schema.registry.auto.register.schemas", "false",
                        "schema.registry.basic.auth.credentials.source", "USER_INFO",
                        "schema.registry.basic.auth.user.info", "weir:secret",
                        "schema.registry.ssl.truststore.type", "PKCS12",
                        "schema.registry.retries.wait.ms", "5",
                        "schema.registry.retry.timeout.ms", "5")))
        .doesNotThrowAnyException();
  }

  @Test
  void anotherSerdeMayHaveNamesOfItsOwn() {
    Map<String, String> settings = new HashMap<>();
    settings.put("serde.class", Serdes.StringSerde.class.getName());
    settings.put("schema.registry.context.name.strategy", "mine");

    assertThatCode(() -> make(settings)).doesNotThrowAnyException();
  }

  private static void make(Map<String, String> settings) {
    assertThat(ValueSerdes.impatient(SettingsLoader.of(settings))).isNotNull();
  }
}
