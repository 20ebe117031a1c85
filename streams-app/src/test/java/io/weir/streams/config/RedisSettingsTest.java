package io.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.rule.OnError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSettingsTest {

  @Test
  void theDefaultsAreThoseOfTheLibrary() {
    Settings settings = SettingsLoader.of(Map.of());

    assertThat(settings.get(WeirSettings.REDIS_URI)).isEqualTo("redis://localhost:6379");
    assertThat(settings.get(WeirSettings.REDIS_TIMEOUT)).isEqualTo(Duration.ofMillis(50));
    assertThat(settings.get(WeirSettings.ON_ERROR)).isEqualTo(OnError.ALLOW);
    assertThat(settings.get(WeirSettings.LOCAL_SHARE)).isEqualTo(1);
    assertThat(settings.get(WeirSettings.GATEWAY_RULES_FILE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://localhost",
        "rediss://user:pass@redis.example.org:6380/1",
        "redis-sentinel://host1,host2:26380/0#main",
      })
  void anAddressThatLettuceTakesIsTaken(String uri) {
    Settings settings = SettingsLoader.of(Map.of("redis.uri", uri));

    assertThat(SettingTypes.splitRedisUris(settings.get(WeirSettings.REDIS_URI)))
        .containsExactly(uri);
  }

  @Test
  void serversOfAClusterAreTakenApart(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("weir.yml"),
            """
            redis:
              cluster: true
              uri: ["redis://one:1", "redis://two:2"]
            on:
              error: local
            local.share: 0.25
            """);
    Settings settings = SettingsLoader.load(Optional.of(file), Map.of(), Map.of());

    assertThat(SettingTypes.splitRedisUris(settings.get(WeirSettings.REDIS_URI)))
        .containsExactly("redis://one:1", "redis://two:2");
    assertThat(settings.get(WeirSettings.ON_ERROR)).isEqualTo(OnError.LOCAL);
    assertThat(settings.get(WeirSettings.LOCAL_SHARE)).isEqualTo(0.25);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis.uri | localhost:6379 | it must be one or more redis://",
        "redis.uri | http://localhost | it must be one or more redis://",
        "redis.uri | redis://a, | it must be one or more redis://",
        "redis.uri | redis://a,redis://b | names 2 servers; that is for a cluster",
        "redis.key.prefix | a{ | it must be a text without {",
        "redis.timeout | 0ms | it must be a duration from 1ms",
        "redis.max.waiting | 0 | it must be a whole number from 1",
        "on.error | maybe | it must be allow or deny or local",
        "local.share | 0 | above 0 and at most 1",
        "local.share | 1.5 | above 0 and at most 1",
      })
  void whatMakesNoSenseIsToldBeforeTheStart(String name, String value, String message) {
    assertThatThrownBy(() -> SettingsLoader.of(Map.of(name, value)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(message);
  }

  @Test
  void aClusterHasNoSentinels() {
    assertThatThrownBy(
            () ->
                SettingsLoader.of(
                    Map.of("redis.cluster", "true", "redis.uri", "redis-sentinel://a#main")))
        .hasMessageContaining("redis.uri names what is no server of a cluster");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://:hush@host:1 | redis://(hidden)@host:1",
        "redis://user:hu/sh@host | redis://(hidden)@host",
        "redis://user:hu@sh@host | redis://(hidden)@host",
        "redis://host | redis://host",
        "redis://:hush@a,redis://:hush@b | redis://(hidden)@a,redis://(hidden)@b",
        "redis-sentinel://hush@a,b:2#main | redis-sentinel://(hidden)@a,b:2#main",
      })
  void aPasswordIsNotShown(String uri, String shown) {
    assertThat(SecretNames.show("redis.uri", uri)).isEqualTo(shown);
  }

  @Test
  void aPasswordIsNotInTheDescriptionNorInTheMessage() {
    Settings settings = SettingsLoader.of(Map.of("redis.uri", "redis://:hush@host:1"));

    assertThat(settings.toString()).contains("redis://(hidden)@host:1").doesNotContain("hush");
    assertThatThrownBy(() -> SettingsLoader.of(Map.of("redis.uri", "redis://:hush@host:x")))
        .hasMessageContaining("(hidden)")
        .hasMessageNotContaining("hush");
  }

  @Test
  void thePrefixOfKeysIsNoSecret() {
    assertThat(SettingsLoader.of(Map.of("redis.key.prefix", "mine:")).describe())
        .containsEntry("redis.key.prefix", "mine: (command line)");
  }

  @Test
  void aTimeoutThatATransactionMayNotOutliveIsRefusedForTheStream() {
    assertThatThrownBy(() -> SettingsLoader.of(Map.of("state", "redis", "redis.timeout", "6s")))
        .hasMessageContaining("redis.timeout is 6s; with state: redis it must be at most 5s");
    assertThat(SettingsLoader.of(Map.of("redis.timeout", "6s")).get(WeirSettings.REDIS_TIMEOUT))
        .hasSeconds(6);
  }
}
