package io.weir.streams.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The OpenAPI document, to hold answers against.
 *
 * @param root its root
 */
public record OpenApiDocument(JsonNode root) {

  /** Reads it from what a door answers. */
  public static OpenApiDocument read(HttpResponse<String> response) {
    try {
      return new OpenApiDocument(new YAMLMapper().readTree(response.body()));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Checks that the operations with a tag are the routes of a door, no more and no fewer. */
  public void assertDescribes(String tag, Collection<Route> routes) {
    Set<String> operations = new TreeSet<>();
    root.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          if (operation.getValue().path("tags").toString().contains(tag)) {
                            operations.add(operation.getKey() + " " + path.getKey());
                          }
                        }));
    assertThat(operations)
        .isEqualTo(
            routes.stream()
                .map(
                    route ->
                        route.method().name().toLowerCase(Locale.ROOT)
                            + " "
                            + route.path().replace('<', '{').replace('>', '}'))
                .collect(Collectors.toCollection(TreeSet::new)))
        .isNotEmpty();
  }

  /** Checks that an answer is one that the document has. */
  public void assertDescribes(
      HttpResponse<String> response, String method, String path, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    String type = response.headers().firstValue("Content-Type").orElseThrow();
    JsonNode schema =
        resolved(response(method, path, status)).path("content").path(type).path("schema");
    assertThat(schema.isObject()).as("a schema of %s for %s %s", type, path, status).isTrue();
    try {
      assertThat(schema(schema).validate(new ObjectMapper().readTree(response.body()))).isEmpty();
    } catch (JsonProcessingException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  /** What it says of a response; of a status by itself, or else of its kind. */
  public JsonNode response(String method, String path, int status) {
    JsonNode responses = root.path("paths").path(path).path(method).path("responses");
    JsonNode own = responses.path(String.valueOf(status));
    return resolved(own.isMissingNode() ? responses.path(status / 100 + "XX") : own);
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isMissingNode() ? node : root.at(reference.asText().substring(1));
  }

  /** The schema together with the components that it refers to. */
  private JsonSchema schema(JsonNode schema) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", root.path("components"));
    return JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(whole, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
  }
}
