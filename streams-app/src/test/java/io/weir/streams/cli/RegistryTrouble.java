package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.weir.schemas.Decision;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.SerdeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    server.start();
    try {
      return failure("http://127.0.0.1:" + server.getAddress().getPort());
    } finally {
      server.stop(0);
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
