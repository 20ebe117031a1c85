package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.DomainRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevRulesTest {

  @Test
  void aFileOfSeveralDomainsIsReadAsRulesListWritesIt(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("backup.yaml"),
            """
            # revision 0
            domain: api
            descriptors:
              - key: user_id
                rate_limit: {unit: minute, requests_per_unit: 3}
            ---
            domain: web
            descriptors:
              - key: user_id
                rate_limit: {unit: minute, requests_per_unit: 3}
            """);

    DevRules rules = DevRules.read(Optional.of(file), InputStream.nullInputStream());

    assertThat(rules.source()).isEqualTo(file.toString());
    assertThat(rules.loaded().domains()).extracting(DomainRules::domain).contains("api", "web");
  }

  @Test
  void withoutAFileTheExampleIsRead() {
    assertThat(DevRules.read(Optional.empty(), InputStream.nullInputStream()).loaded().domains())
        .isNotEmpty();
  }
}
