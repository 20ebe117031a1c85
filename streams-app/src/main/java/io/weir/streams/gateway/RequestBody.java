package io.weir.streams.gateway;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.weir.streams.query.HttpDoor;
import io.weir.streams.query.ProblemException;
import io.weir.streams.query.ProblemKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/** Reads bodies that are one JSON object, strictly. */
final class RequestBody {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build()
          .readerFor(JsonNode.class);

  /** What a body is. */
  static final String EXAMPLE =
      "the body is a JSON object, such as {\"domain\": \"api\", \"attributes\": {\"user_id\": \"42\"}}";

  private RequestBody() {}

  /**
   * The object, if there is a body.
   *
   * @throws ProblemException if the body is too large, of another type, or something else
   */
  static Optional<JsonNode> find(Context context) {
    byte[] bytes = bytes(context);
    if (bytes.length == 0) {
      return Optional.empty();
    }
    requireJson(context);
    JsonNode node = parse(bytes);
    if (!node.isObject()) {
      throw invalid(EXAMPLE);
    }
    return Optional.of(node);
  }

  private static byte[] bytes(Context context) {
    try (InputStream body = context.bodyInputStream()) {
      byte[] bytes = body.readNBytes(HttpDoor.MAX_BODY_BYTES + 1);
      if (bytes.length > HttpDoor.MAX_BODY_BYTES) {
        throw new ProblemException(
            ProblemKind.TOO_LARGE,
            "the body has more than "
                + HttpDoor.MAX_BODY_BYTES / 1024
                + " KiB; send less, or several requests");
      }
      return bytes;
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, "the body ends too early", e);
    }
  }

  private static void requireJson(Context context) {
    String type = Optional.ofNullable(context.contentType()).orElse("application/json");
    String plain = type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    if (!plain.equals("application/json")) {
      throw new ProblemException(
          ProblemKind.UNSUPPORTED_MEDIA_TYPE,
          "the body is "
              + plain
              + "; send JSON, and say so: Content-Type: application/json (curl --json does)");
    }
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      return READER.readTree(bytes);
    } catch (JsonEOFException e) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, "the body is not JSON: it ends too early", e);
    } catch (JsonParseException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, mistake(e), e);
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST, "the body is not one JSON object; " + EXAMPLE, e);
    } catch (IOException e) {
      throw new IllegalStateException("bytes that are there cannot be read", e);
    }
  }

  private static String mistake(JsonParseException e) {
    String said = String.valueOf(e.getOriginalMessage());
    String place =
        "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
    return said.startsWith("Duplicate field")
        ? "the body has a field twice, at " + place + "; give each once"
        : "the body is not JSON from " + place + " on; " + EXAMPLE;
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(ProblemKind.INVALID_REQUEST, detail);
  }
}
