package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.RequestEvent;
import io.weir.streams.real.RealBroker;
import io.weir.streams.serde.HttpSchemaRegistryClient;
import io.weir.streams.serde.SerdeConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RegistryProcessIT {

  @Test
  void aKilledRegistryComesBackOnTheSameAddressWithItsSchemasAndLeavesNothingAtTheEnd() {
    RegistryProcess registry = RegistryProcess.start(RealBroker.files());
    Path directory = Objects.requireNonNull(registry.log().getParent());
    try {
      var client =
          new HttpSchemaRegistryClient(new SerdeConfig(Map.of(SerdeConfig.URL, registry.url())));
      int id = client.register("requests-value", RequestEvent.getClassSchema());

      registry.kill();
      assertThat(registry.isAlive()).isFalse();
      registry.restart();

      assertThat(client.schemaOf(id)).isEqualTo(RequestEvent.getClassSchema());
    } finally {
      registry.close();
    }

    assertThat(ProcessHandle.of(registry.pid())).isEmpty();
    assertThat(directory).doesNotExist();
  }
}
