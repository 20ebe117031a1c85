package io.weir.streams.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reads lines of which each is a JSON object. Thread-safe. */
public final class JsonLine {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private JsonLine() {}

  /**
   * The object of a line.
   *
   * @param example what would be one, as the end of a sentence
   * @throws IllegalArgumentException if the line is none; the message says what is wrong with it
   */
  public static JsonNode object(String line, String example) {
    JsonNode node;
    try {
      node = READER.readTree(line);
    } catch (JsonEOFException e) {
      throw new IllegalArgumentException("is not JSON: it ends too early", e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "is not JSON from column " + e.getLocation().getColumnNr() + " on; " + example, e);
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException(example);
    }
    return node;
  }
}
