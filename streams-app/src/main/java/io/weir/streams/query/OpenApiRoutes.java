package io.weir.streams.query;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The route that describes the others (OpenAPI 3.1). */
public final class OpenApiRoutes {
  private static final String RESOURCE = "openapi.yaml";

  private final byte[] document;

  /** Reads the document. */
  public OpenApiRoutes() {
    try (InputStream in = OpenApiRoutes.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is not in the jar");
      }
      this.document = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + RESOURCE + " cannot be read", e);
    }
  }

  /** The route. */
  public List<Route> routes() {
    return List.of(Route.get("/openapi.yaml", this::openApi));
  }

  private void openApi(Context context) {
    context.contentType("application/yaml").result(document);
  }
}
