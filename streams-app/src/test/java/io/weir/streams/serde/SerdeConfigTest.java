package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SerdeConfigTest {

  @Test
  void addressesAreSeparatedByCommasAndKeepTheirPaths() {
    SerdeConfig config = with(SerdeConfig.URL, "http://one:8081/, https://two/apis/ccompat/v7");

    assertThat(config.registryUrls().stream().map(RegistryUrl::base))
        .containsExactly(URI.create("http://one:8081"), URI.create("https://two/apis/ccompat/v7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"registry:8081", "ftp://registry", "http://", "not an address", "/path"})
  void whatIsNoAddressIsRefused(String url) {
    SerdeConfig config = with(SerdeConfig.URL, "http://good");
    assertThat(config.registryUrls()).hasSize(1);

    assertThatThrownBy(() -> RegistryUrl.parse(url))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url has an element that is no address: " + url)
        .hasMessageContaining("http://host:8081");
  }

  @Test
  void aPasswordInAnAddressIsNeverShown() {
    assertThat(RegistryUrl.parse("https://user:secret@host/path"))
        .hasToString("https://host/path")
        .extracting(RegistryUrl::userInfo)
        .isEqualTo(Optional.of("user:secret"));
    assertThatThrownBy(() -> RegistryUrl.parse("htps://user:secret@host"))
        .isInstanceOf(ConfigException.class)
        .hasMessageNotContaining("secret");
    assertThat(credentials(Map.of(SerdeConfig.BEARER_TOKEN, "secret")).toString())
        .doesNotContain("secret");
  }

  @Test
  void userInfoComesFromEitherKey() {
    for (String key : new String[] {SerdeConfig.BASIC_USER_INFO, SerdeConfig.BASIC_USER_INFO_OLD}) {
      assertThat(
              credentials(Map.of(SerdeConfig.BASIC_SOURCE, "USER_INFO", key, "aladdin:opensesame"))
                  .header(RegistryUrl.parse("http://host")))
          .contains("Basic YWxhZGRpbjpvcGVuc2VzYW1l");
    }
  }

  @Test
  void byDefaultTheAddressItselfSaysWhoWeAre() {
    RegistryCredentials credentials = credentials(Map.of());

    assertThat(credentials.header(RegistryUrl.parse("http://aladdin:opensesame@host")))
        .contains("Basic YWxhZGRpbjpvcGVuc2VzYW1l");
    assertThat(credentials.header(RegistryUrl.parse("http://host"))).isEmpty();
  }

  @Test
  void charactersThatAreEncodedInAnAddressAreDecoded() {
    assertThat(RegistryUrl.parse("http://a:p%40ss+word@host").userInfo()).contains("a:p@ss+word");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          basic.auth.credentials.source     | USER_INFO          | basic.auth.user.info is missing
          basic.auth.credentials.source     | SASL_INHERIT       | must be one of: URL, USER_INFO
          bearer.auth.credentials.source    | STATIC_TOKEN       | bearer.auth.token is missing
          use.latest.version                | true               | writes with its own schema only
          value.subject.name.strategy       | x.RecordNameStrategy | TopicNameStrategy only
          value.subject.name.strategy       | x.TopicRecordNameStrategy | TopicNameStrategy only
          http.read.timeout.ms              | 0                  | must be at least 1
          retries.wait.ms                   | 9000               | must be above 0 and not above the longest
          schema.registry.ssl.endpoint.identification.algorithm | none | always checks the host
          schema.registry.url               | ''                 | schema.registry.url
          """)
  void aWrongSettingIsRefusedWithItsKey(String key, String value, String message) {
    assertThatThrownBy(() -> with(key, value))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(message);
  }

  @Test
  void theRegistryMustBeNamed() {
    assertThatThrownBy(() -> new SerdeConfig(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url");
  }

  @Test
  void keysOfOtherPartsAreIgnored() {
    assertThat(with("bootstrap.servers", "localhost:9092").autoRegister()).isTrue();
    assertThat(
            with(
                    "value.subject.name.strategy",
                    "io.confluent.kafka.serializers.subject.TopicNameStrategy")
                .autoRegister())
        .isTrue();
  }

  private static RegistryCredentials credentials(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(SerdeConfig.URL, "http://host");
    return new SerdeConfig(all).credentials();
  }

  private static SerdeConfig with(String key, String value) {
    Map<String, String> config = new HashMap<>(Map.of(SerdeConfig.URL, "http://host"));
    config.put(key, value);
    return new SerdeConfig(config);
  }
}
