package io.weir.limiter.http;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.words.Spans;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a client is told whose request is not served, as problem+json of RFC 9457 with the types of
 * draft-ietf-httpapi-ratelimit-headers-11, section 5. No attribute of the request is in it.
 * Immutable.
 *
 * @param type a URI that says which kind of problem it is
 * @param title what kind of problem it is
 * @param status the status of the answer
 * @param detail what is the matter with this request
 * @param violatedPolicies the names of the rules that denied, the binding one first
 * @param retryAfterMillis milliseconds after which to try again; empty where that does not help, or
 *     nobody knows
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    List<String> violatedPolicies,
    OptionalLong retryAfterMillis) {
  /** The media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPES = "https://iana.org/assignments/http-problem-types#";
  private static final int BAD_REQUEST = 400;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVICE_UNAVAILABLE = 503;

  /** Copies the list. */
  public Problem {
    violatedPolicies = List.copyOf(violatedPolicies);
  }

  /**
   * What a denial is to the client: 429, but 503 where it was decided without the state of the
   * limits, which is no fault of the client's.
   */
  public static Problem of(Decision denied) {
    return denied.reason() == Reason.BACKEND_FAILED ? unavailable() : exceeded(denied);
  }

  /** That nobody could say whether the request may be served. */
  public static Problem unavailable() {
    return new Problem(
        TYPES + "temporary-reduced-capacity",
        "Request cannot be satisfied due to temporary server capacity constraints",
        SERVICE_UNAVAILABLE,
        "The limits of this request could not be checked.",
        List.of(),
        OptionalLong.empty());
  }

  /** That the path of the request can be read in two ways. */
  public static Problem ambiguousPath() {
    return new Problem(
        "about:blank",
        "Bad Request",
        BAD_REQUEST,
        "The path can be read in two ways; write it without . and .. and encoded slashes.",
        List.of(),
        OptionalLong.empty());
  }

  /**
   * That a field is there several times of which one is wanted.
   *
   * @param field the field's name as the server's settings have it
   */
  public static Problem repeatedField(String field) {
    return new Problem(
        "about:blank",
        "Bad Request",
        BAD_REQUEST,
        "The field " + field + " is there several times; send it once.",
        List.of(),
        OptionalLong.empty());
  }

  private static Problem exceeded(Decision denied) {
    List<String> violated = violated(denied);
    String what =
        violated.isEmpty()
            ? "A limit is exceeded"
            : "The limit " + violated.get(0) + " is exceeded";
    String retry =
        denied.retryAfterMillis().isPresent()
            ? "; try again in " + Spans.of(denied.retryAfterMillis().getAsLong()) + "."
            : "; trying again does not help.";
    return new Problem(
        TYPES + "quota-exceeded",
        "Request cannot be satisfied as assigned quota has been exceeded",
        TOO_MANY_REQUESTS,
        what + retry,
        violated,
        denied.retryAfterMillis());
  }

  private static List<String> violated(Decision denied) {
    List<LimitStatus> told =
        denied.statuses().stream().filter(it -> it.mode() != LimitMode.SHADOW).toList();
    List<LimitStatus> refusing = told.stream().filter(it -> it.verdict() == Verdict.DENY).toList();
    // Of a turn that came too late none refuses: the binding one is the first.
    return (refusing.isEmpty() ? told.stream().limit(1) : refusing.stream())
        .map(LimitStatus::rule)
        .distinct()
        .toList();
  }

  /** The JSON object. */
  public String json() {
    StringBuilder json = new StringBuilder("{");
    json.append("\"type\":").append(string(type));
    json.append(",\"title\":").append(string(title));
    json.append(",\"status\":").append(status);
    json.append(",\"detail\":").append(string(detail));
    if (!violatedPolicies.isEmpty()) {
      json.append(",\"violated-policies\":")
          .append(
              violatedPolicies.stream()
                  .map(Problem::string)
                  .collect(Collectors.joining(",", "[", "]")));
    }
    if (retryAfterMillis.isPresent()) {
      json.append(",\"retry_after_ms\":").append(retryAfterMillis.getAsLong());
    }
    return json.append('}').toString();
  }

  /** A string of JSON, RFC 8259 section 7. */
  private static String string(String text) {
    StringBuilder string = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        string.append('\\').append(c);
      } else if (c < ' ') {
        string.append(String.format("\\u%04x", (int) c));
      } else {
        string.append(c);
      }
    }
    return string.append('"').toString();
  }
}
