package io.weir.streams.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.limiter.Request;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.config.Nearest;
import io.weir.streams.query.LimitsQuestion;
import io.weir.streams.query.ProblemException;
import io.weir.streams.query.ProblemKind;
import io.weir.streams.topology.RequestBounds;
import io.weir.streams.topology.RequestValidator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Makes requests of JSON and of the queries of URLs, within the bounds that a record of the
 * requests topic has. Whatever makes no sense is a {@link ProblemException} that says all of it.
 * Thread-safe.
 *
 * <p>In a query the names are those of {@link LimitsQuestion}, and {@code cost} and {@code
 * request_id} are the request's own. {@code header.NAME=FIELD} is the attribute {@code NAME} with
 * the value that the HTTP request has in the field {@code FIELD}, and no attribute where it has
 * none: for proxies that cannot write what they know of a request into a URL. Attributes that are
 * so called are written with {@code attribute.} before their names, as ever.
 *
 * @param requestIds makes a request_id for a request that has none
 * @param clock tells which times are to come
 * @param tolerance how far ahead of the clock times may be, as those of records may
 */
record RequestParser(Supplier<String> requestIds, InstantSource clock, Duration tolerance) {
  /** Requests in one body. */
  static final int MAX_BATCH = 1_000;

  private static final String REQUESTS = "requests";
  private static final List<String> CHECK = List.of("request_id", "domain", "attributes", "cost");
  private static final List<String> REFUND =
      List.of("request_id", "domain", "attributes", "cost", "charged_at");
  private static final List<String> RESET = List.of("request_id", "domain", "attributes");
  private static final String HEADER = "header.";
  private static final String HEADER_EXAMPLE = "write it like header.api_key=X-Api-Key";

  /** A token of RFC 9110. */
  private static final Pattern FIELD_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final int MAX_MISTAKES_CHARS = 2_000;

  /**
   * A request that takes tokens back.
   *
   * @param asked whose, and how many
   * @param chargedAtMillis when they were taken, in milliseconds since the epoch
   */
  record Refund(AskedRequest asked, long chargedAtMillis) {}

  /** Whether a body holds several requests. */
  static boolean isBatch(JsonNode body) {
    return body.has(REQUESTS);
  }

  /** The one request of a body. */
  AskedRequest check(JsonNode body) {
    return one(body, CHECK, Operation.CHECK);
  }

  /** The identifiers to forget. */
  AskedRequest reset(JsonNode body) {
    return one(body, RESET, Operation.RESET);
  }

  /** The tokens to give back. */
  Refund refund(JsonNode body) {
    List<String> mistakes = new ArrayList<>();
    RequestEvent event = event(body, REFUND, Operation.REFUND, mistakes);
    require(mistakes);
    // It is there: the validator has seen to it.
    Instant chargedAt = Optional.ofNullable(event.getChargedAt()).orElseThrow();
    if (chargedAt.isAfter(clock.instant().plus(tolerance))) {
      throw invalid(
          "charged_at is "
              + chargedAt.toEpochMilli()
              + " ("
              + chargedAt
              + "), more than "
              + tolerance.toMillis()
              + " ms ahead of the clock; give the evaluation_time of the decision, in milliseconds");
    }
    return new Refund(asked(event), chargedAt.toEpochMilli());
  }

  /** The requests of a body that holds several, all of which make sense. */
  List<AskedRequest> batch(JsonNode body) {
    List<String> mistakes = new ArrayList<>();
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals(REQUESTS)) {
                mistakes.add(
                    "a batch has no field "
                        + name
                        + " beside requests"
                        + Nearest.hint(name, List.of(REQUESTS)));
              }
            });
    JsonNode requests = body.path(REQUESTS);
    if (!requests.isArray() || requests.isEmpty() || requests.size() > MAX_BATCH) {
      mistakes.add(
          "requests is "
              + (requests.isArray() ? "a list of " + requests.size() : "no list")
              + "; give a list of 1 to "
              + MAX_BATCH
              + " requests");
      require(mistakes);
    }
    List<AskedRequest> asked = new ArrayList<>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      List<String> ofOne = new ArrayList<>();
      RequestEvent event = event(requests.path(i), CHECK, Operation.CHECK, ofOne);
      if (ofOne.isEmpty()) {
        asked.add(asked(event));
      } else {
        mistakes.add("requests[" + i + "]: " + String.join("; ", ofOne));
      }
    }
    require(mistakes);
    return asked;
  }

  /**
   * The request of a query.
   *
   * @param parameters the parameters of the query, without those that are not about the request
   * @param headers finds the values of a field of the HTTP request
   */
  AskedRequest query(Map<String, String> parameters, Function<String, List<String>> headers) {
    Map<String, String> question = new LinkedHashMap<>();
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      String name = parameter.getKey();
      if (name.startsWith(HEADER)) {
        String attribute = attribute(name);
        value(name, parameter.getValue(), headers)
            .ifPresent(value -> putOnce(attribute, value, question));
      } else if (!name.equals("cost") && !name.equals("request_id")) {
        putOnce(name, parameter.getValue(), question);
      }
    }
    String domain = question.getOrDefault(LimitsQuestion.DOMAIN, "");
    Map<String, String> attributes =
        !domain.isEmpty() && question.size() == 1
            ? Map.of() // As in a body: where there is no attribute, no rule matches.
            : LimitsQuestion.of(question).attributes();
    RequestEvent event =
        RequestEvent.newBuilder()
            .setRequestId(Optional.ofNullable(parameters.get("request_id")).orElseGet(requestIds))
            .setDomain(domain)
            .setAttributes(attributes)
            .setCost(cost(Optional.ofNullable(parameters.get("cost"))))
            .build();
    require(RequestValidator.mistake(event).stream().toList());
    return asked(event);
  }

  private static String attribute(String parameter) {
    String attribute = parameter.substring(HEADER.length());
    if (attribute.isEmpty()) {
      throw invalid("the parameter header. names no attribute; " + HEADER_EXAMPLE);
    }
    return "attribute." + attribute;
  }

  /** What one field says: of several nobody knows which of them the client has added. */
  private static Optional<String> value(
      String parameter, String field, Function<String, List<String>> headers) {
    if (!FIELD_NAME.matcher(field).matches()) {
      throw invalid(
          parameter
              + " is '"
              + shown(field)
              + "', which no field can be called; "
              + HEADER_EXAMPLE);
    }
    List<String> values = headers.apply(field);
    if (values.size() > 1) {
      throw invalid(
          "the request has the field "
              + field
              + " "
              + values.size()
              + " times, and "
              + parameter
              + " takes one; let the proxy set it");
    }
    return values.stream().findFirst();
  }

  private static void putOnce(String name, String value, Map<String, String> question) {
    if (question.putIfAbsent(name, value) != null) {
      throw invalid("the attribute of " + name + " is there more than once; give it once");
    }
  }

  private static long cost(Optional<String> text) {
    String digits = text.orElse("1");
    try {
      if (digits.matches("\\d{1,19}")) {
        return Long.parseLong(digits);
      }
    } catch (NumberFormatException e) {
      // More than a long; the message says how much may be.
    }
    throw invalid(
        "cost is '" + shown(digits) + "'; it must be a whole number from 0 to " + Long.MAX_VALUE);
  }

  private AskedRequest one(JsonNode body, List<String> fields, Operation operation) {
    List<String> mistakes = new ArrayList<>();
    RequestEvent event = event(body, fields, operation, mistakes);
    require(mistakes);
    return asked(event);
  }

  private RequestEvent event(
      JsonNode node, List<String> known, Operation operation, List<String> mistakes) {
    RequestFields fields = new RequestFields(node, known);
    if (!node.isObject()) {
      mistakes.add("a request is a JSON object, such as {\"domain\": \"api\", …}");
    }
    RequestEvent.Builder event =
        RequestEvent.newBuilder()
            .setRequestId(fields.text("request_id").orElseGet(requestIds))
            .setOperation(operation)
            .setDomain(fields.domain())
            .setAttributes(fields.attributes());
    if (known.contains("cost")) {
      fields.number("cost").ifPresent(event::setCost);
    }
    if (known.contains("charged_at")) {
      fields.time("charged_at").ifPresent(event::setChargedAt);
    }
    RequestEvent made = event.build();
    if (node.isObject()) {
      mistakes.addAll(fields.mistakes());
    }
    if (mistakes.isEmpty()) {
      RequestValidator.mistake(made).ifPresent(mistakes::add);
    }
    return made;
  }

  private static AskedRequest asked(RequestEvent event) {
    return new AskedRequest(
        event.getRequestId(),
        new Request(event.getDomain(), event.getAttributes(), event.getCost()));
  }

  private static void require(List<String> mistakes) {
    if (!mistakes.isEmpty()) {
      throw invalid(shown(String.join("; ", mistakes)));
    }
  }

  private static String shown(String text) {
    String cut = RequestBounds.cut(text, MAX_MISTAKES_CHARS);
    return cut.length() == text.length() ? text : cut + "…";
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(ProblemKind.INVALID_REQUEST, detail);
  }
}
