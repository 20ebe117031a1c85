package io.weir.streams.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.Schema;

/**
 * The schema of a generated class as it stands in its {@code .avsc} file, and so in the registry:
 * without the {@code avro.java.string} properties that the generator adds for Java. A registry
 * takes two schemas that differ in them for different, so that one registered from the file would
 * not be found; and readers in other languages have no use for them. The bytes are the same.
 */
public final class RegisteredForm {
  private static final String JAVA_STRING = "avro.java.string";

  private RegisteredForm() {}

  /** The schema without Java's properties. */
  public static Schema of(Schema generated) {
    try {
      JsonNode json = new ObjectMapper().readTree(generated.toString());
      strip(json);
      return new Schema.Parser().parse(json.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro printed a schema that is not JSON", e);
    }
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(JAVA_STRING);
    }
    node.forEach(RegisteredForm::strip);
  }
}
