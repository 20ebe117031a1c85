package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class SettingsMetadataTest {
  @Test
  void editorsKnowEverySettingWithWhatItIsFor() throws Exception {
    List<?> properties = properties();

    assertThat(properties)
        .allSatisfy(
            property -> {
              Object description = ((Map<?, ?>) property).get("description");
              assertThat(description).as(name(property)).isNotNull();
              assertThat(String.valueOf(description)).isNotBlank();
            });
    assertThat(new TreeSet<>(properties.stream().map(SettingsMetadataTest::name).toList()))
        .isEqualTo(new TreeSet<>(settings("weir", WeirProperties.class).toList()));
  }

  private static String name(Object property) {
    return String.valueOf(((Map<?, ?>) property).get("name"));
  }

  private static List<?> properties() throws Exception {
    try (InputStream metadata =
        SettingsMetadataTest.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      // JSON is YAML, but for the slash that it may escape.
      String json = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
      Map<?, ?> all = new Yaml().load(json.replace("\\/", "/"));
      return (List<?>) Objects.requireNonNull(all.get("properties"));
    }
  }

  /** The settings that a record has, as files spell them. */
  private static Stream<String> settings(String prefix, Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(
            component -> {
              String name =
                  prefix
                      + "."
                      + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
              Class<?> of = component.getType();
              return of.isRecord() ? settings(name, of) : Stream.of(name);
            });
  }
}
