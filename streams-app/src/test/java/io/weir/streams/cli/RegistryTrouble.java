package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.schemas.Decision;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.HttpSchemaRegistryClient;
import io.weir.streams.serde.SerdeConfig;
import io.weir.streams.serde.StubRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** What Weir's own serde throws where the registry, and not the record, is to blame. */
public final class RegistryTrouble {
  /** A schema id that has to be looked up. */
  private static final byte[] RECORD = {0, 0, 0, 0, 1, 0};

  private RegistryTrouble() {}

  /** Where nobody answers. */
  public static RuntimeException unavailable() {
    return failure("http://127.0.0.1:1");
  }

  /** Where the registry answers 401. */
  public static RuntimeException refused() {
    try (StubRegistry registry = StubRegistry.http()) {
      registry.answer(asked -> new StubRegistry.Reply(401, ""));
      return failure(registry.url());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where nobody registered the schema that is looked for. */
  static RuntimeException notRegistered() {
    try (StubRegistry registry = StubRegistry.http()) {
      registry.answer(asked -> StubRegistry.error(404, 40403, "Schema not found"));
      HttpSchemaRegistryClient client =
          new HttpSchemaRegistryClient(new SerdeConfig(Map.of(SerdeConfig.URL, registry.url())));
      return catchThrowableOfType(
          RuntimeException.class,
          () -> client.idOf("weir.decisions-value", Decision.getClassSchema()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RuntimeException failure(String url) {
    return catchThrowableOfType(
        RuntimeException.class,
        () ->
            AvroSerdes.by(Map.of(SerdeConfig.URL, url, SerdeConfig.RETRY_TIMEOUT, "1"))
                .forValues(Decision.class)
                .deserializer()
                .deserialize("topic", RECORD));
  }
}
