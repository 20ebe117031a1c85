package io.weir.streams.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.serde.RegistryRefusedException.Reason;
import io.weir.streams.serde.RegistryTransport.Answer;

/** Reads what a registry answers, and says in a sentence what it refuses. */
final class RegistryAnswers {
  // The registry's own number for "no such schema", which tells its 404 from that of a proxy or of
  // a
  // wrong path.
  private static final int SCHEMA_NOT_FOUND = 40403;

  private final ObjectMapper json;

  RegistryAnswers(ObjectMapper json) {
    this.json = json;
  }

  /** The JSON of a 200, or what was refused. */
  JsonNode ok(Answer answer, String what) {
    if (answer.status() == 200) {
      JsonNode body = body(answer);
      if (body.isObject()) {
        return body;
      }
      throw new RegistryRefusedException(
          Reason.ANSWER,
          answer.uri()
              + " answered 200 but not as a schema registry does; check the path in "
              + SerdeConfig.URL);
    }
    throw refusal(answer, what);
  }

  /** Whether a registry, and not something else at its address, says that there is no schema. */
  boolean isSchemaNotFound(Answer answer) {
    return answer.status() == 404 && body(answer).path("error_code").asInt() == SCHEMA_NOT_FOUND;
  }

  /** Whether a registry, and not something else at its address, has answered with an error. */
  boolean isFromRegistry(Answer answer) {
    return body(answer).has("error_code");
  }

  /** What to tell the person who must act. */
  RegistryRefusedException refusal(Answer answer, String what) {
    boolean registry = isFromRegistry(answer);
    String said = registry ? body(answer).path("message").asText() : "no registry's answer";
    Reason reason = reason(answer.status(), registry);
    return new RegistryRefusedException(
        reason,
        what
            + " failed: "
            + answer.uri()
            + " answered "
            + answer.status()
            + " ("
            + said
            + "); "
            + hint(reason, answer.status()));
  }

  private static Reason reason(int status, boolean registry) {
    return switch (status) {
      case 401, 403 -> Reason.CREDENTIALS;
      case 409 -> Reason.INCOMPATIBLE;
      case 422 -> Reason.NOT_TAKEN;
      case 404 -> registry ? Reason.NOT_REGISTERED : Reason.ANSWER;
      default -> Reason.ANSWER;
    };
  }

  private static String hint(Reason reason, int status) {
    return switch (reason) {
      case CREDENTIALS -> "check the credentials and what they may do";
      case INCOMPATIBLE -> "the schema breaks the subject's compatibility rule";
      case NOT_TAKEN -> "the registry takes it for invalid, or takes no schemas now";
      case NOT_REGISTERED -> "register the schema, or set " + SerdeConfig.AUTO_REGISTER + "=true";
      case ANSWER ->
          status == 404
              ? "check the path in " + SerdeConfig.URL
              : "check " + SerdeConfig.URL + " and the registry's log";
    };
  }

  private JsonNode body(Answer answer) {
    try {
      return json.readTree(answer.body());
    } catch (JsonProcessingException e) {
      return json.missingNode();
    }
  }
}
