package io.weir.streams.serde;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.serde.RegistryTransport.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/**
 * A schema registry over the REST API that Confluent documents for its Schema Registry, and that
 * Apicurio, Karapace and Redpanda speak as well. Keeps no schemas: the serdes do. Thread-safe.
 */
public final class HttpSchemaRegistryClient implements SchemaRegistryClient {
  private final RegistryTransport transport;
  private final ObjectMapper json = new ObjectMapper();
  private final RegistryAnswers answers = new RegistryAnswers(json);
  private final String query;

  /**
   * A client by the settings.
   *
   * @throws org.apache.kafka.common.config.ConfigException if a key store cannot be read
   */
  public HttpSchemaRegistryClient(SerdeConfig config) {
    this(config, new StopSignal());
  }

  /**
   * A client by the settings that gives up at once when the application stops.
   *
   * @throws org.apache.kafka.common.config.ConfigException if a key store cannot be read
   */
  public HttpSchemaRegistryClient(SerdeConfig config, StopSignal stop) {
    this(config, stop, Ticker.system());
  }

  HttpSchemaRegistryClient(SerdeConfig config, StopSignal stop, Ticker ticker) {
    this.transport = new RegistryTransport(config, stop, ticker);
    this.query = config.normalize() ? "?normalize=true" : "";
  }

  @Override
  public int register(String subject, Schema schema) {
    String path = "/subjects/" + encode(subject) + "/versions" + query;
    Answer answer = transport.post(path, body(schema));
    if (answer.status() == 409) {
      // Apicurio answers so too where another client registers the subject at the same moment; that
      // one is done by now, and only an incompatible schema is refused again.
      answer = transport.post(path, body(schema));
    }
    return number(answer, "id", "registering " + schema.getFullName() + " under " + subject);
  }

  @Override
  public int idOf(String subject, Schema schema) {
    return number(lookedUp(subject, schema), "id", lookingUp(subject, schema));
  }

  /**
   * The number that a schema has among the versions of a subject, from 1; a schema that is not
   * registered there is refused.
   *
   * @throws RegistryUnavailableException if the registry cannot be reached in time
   * @throws RegistryRefusedException if it refuses
   */
  public int versionOf(String subject, Schema schema) {
    return number(lookedUp(subject, schema), "version", lookingUp(subject, schema));
  }

  private Answer lookedUp(String subject, Schema schema) {
    return transport.post("/subjects/" + encode(subject) + query, body(schema));
  }

  private static String lookingUp(String subject, Schema schema) {
    return "looking up " + schema.getFullName() + " under " + subject;
  }

  @Override
  public boolean isCompatible(String subject, Schema schema) {
    Answer answer =
        transport.post(
            "/compatibility/subjects/" + encode(subject) + "/versions/latest", body(schema));
    if (answer.status() == 404 && answers.isFromRegistry(answer)) {
      return true; // A subject without versions takes any schema.
    }
    return answers
        .ok(answer, "checking " + schema.getFullName() + " against " + subject)
        .path("is_compatible")
        .asBoolean();
  }

  @Override
  public Schema schemaOf(int id) {
    Answer answer = transport.get("/schemas/ids/" + id);
    if (answers.isSchemaNotFound(answer)) {
      throw new UnknownSchemaIdException(
          "schema id " + id + " is unknown to the registry at " + answer.uri());
    }
    JsonNode found = answers.ok(answer, "reading schema id " + id);
    String type = found.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new UnreadableSchemaException("schema id " + id + " is " + type + ", not Avro");
    }
    try {
      Schema.Parser parser = lenientParser();
      addReferences(found, parser, new HashSet<>());
      return parser.parse(found.path("schema").asText());
    } catch (SchemaParseException e) {
      throw new UnreadableSchemaException(
          "schema id " + id + " is no Avro schema: " + e.getMessage(), e);
    }
  }

  /** Feeds the parser what a schema refers to, the innermost first. */
  private void addReferences(JsonNode schema, Schema.Parser parser, Set<String> seen) {
    for (JsonNode reference : schema.path("references")) {
      String path =
          "/subjects/"
              + encode(reference.path("subject").asText())
              + "/versions/"
              + reference.path("version").asInt();
      if (seen.add(path)) {
        JsonNode found = answers.ok(transport.get(path), "reading the referred schema " + path);
        addReferences(found, parser, seen);
        parser.parse(found.path("schema").asText());
      }
    }
  }

  /** What others registered need not have valid defaults for us to read their records. */
  private static Schema.Parser lenientParser() {
    return new Schema.Parser().setValidateDefaults(false);
  }

  private int number(Answer answer, String name, String what) {
    JsonNode number = answers.ok(answer, what).path(name);
    if (!number.isInt()) {
      throw new RegistryRefusedException(
          RegistryRefusedException.Reason.ANSWER,
          what
              + " failed: "
              + answer.uri()
              + " answered without the number '"
              + name
              + "': "
              + answer.body());
    }
    return number.intValue();
  }

  private String body(Schema schema) {
    return json.createObjectNode().put("schema", schema.toString()).toString();
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
