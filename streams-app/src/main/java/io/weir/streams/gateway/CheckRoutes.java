package io.weir.streams.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.weir.limiter.Reason;
import io.weir.limiter.http.RateLimitFields;
import io.weir.streams.query.JsonAnswers;
import io.weir.streams.query.ProblemException;
import io.weir.streams.query.ProblemKind;
import io.weir.streams.query.QueryString;
import io.weir.streams.query.Route;
import io.weir.streams.serde.AvroJson;
import io.weir.streams.topology.DecidedRequest;
import io.weir.streams.topology.Decisions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The routes that judge. No thread waits for Redis; answers are written by threads of their own,
 * because a caller who reads slowly must not hold up who brings Redis's answers to all of them.
 */
public final class CheckRoutes {
  private static final String STATUS = "status";
  private static final int LEAST_STATUS = 400;
  private static final int MOST_STATUS = 499;

  private final Checks checks;
  private final RequestParser parser;
  private final Executor answering;
  private final ObjectMapper mapper;
  private final JsonAnswers answers;

  /**
   * Routes that ask the given checks.
   *
   * @param parser reads requests
   * @param answering writes answers
   */
  CheckRoutes(Checks checks, RequestParser parser, Executor answering, ObjectMapper mapper) {
    this.checks = checks;
    this.parser = parser;
    this.answering = answering;
    this.mapper = mapper;
    this.answers = new JsonAnswers(mapper);
  }

  /** The routes. */
  List<Route> routes() {
    return List.of(
        Route.unsafeGet("/v1/check", this::checkByQuery),
        Route.post("/v1/check", this::check),
        Route.post("/v1/refund", this::refund),
        Route.post("/v1/reset", this::reset));
  }

  private void check(Context context) {
    Optional<JsonNode> body = RequestBody.find(context);
    forbidCaching(context);
    Map<String, String> parameters = parameters(context);
    Optional<Integer> status = takeStatus(parameters);
    if (body.isEmpty()) {
      if (parameters.isEmpty()) {
        throw invalid("there is neither a body nor a query; " + RequestBody.EXAMPLE);
      }
      checkByQuery(context, parameters, status);
      return;
    }
    for (String name : parameters.keySet()) {
      throw invalid(
          "the parameter "
              + name
              + " is there beside a body; a body holds the whole request, and only status goes with"
              + " it");
    }
    if (RequestParser.isBatch(body.get())) {
      if (status.isPresent()) {
        throw invalid("status is for one request, and the body holds several; leave one out");
      }
      checkAll(context, parser.batch(body.get()));
    } else {
      checkOne(context, parser.check(body.get()), status);
    }
  }

  private void checkByQuery(Context context) {
    forbidCaching(context);
    Map<String, String> parameters = parameters(context);
    Optional<Integer> status = takeStatus(parameters);
    checkByQuery(context, parameters, status);
  }

  private void checkByQuery(
      Context context, Map<String, String> parameters, Optional<Integer> status) {
    checkOne(
        context,
        parser.query(parameters, name -> Collections.list(context.req().getHeaders(name))),
        status);
  }

  private void checkOne(Context context, AskedRequest asked, Optional<Integer> status) {
    context.future(
        () ->
            checks
                .check(asked)
                .thenAcceptAsync(decided -> answer(context, decided, status), answering));
  }

  /** Each is judged by itself; they travel to Redis together, as they come at one moment. */
  private void checkAll(Context context, List<AskedRequest> asked) {
    context.future(
        () -> {
          List<CompletableFuture<DecidedRequest>> decided = checks.checkAll(asked);
          return CompletableFuture.allOf(decided.toArray(CompletableFuture<?>[]::new))
              .thenAcceptAsync(
                  done -> {
                    ObjectNode json = mapper.createObjectNode();
                    ArrayNode decisions = json.putArray("decisions");
                    decided.forEach(each -> decisions.add(json(each.join())));
                    answers.json(context, json);
                  },
                  answering);
        });
  }

  private void refund(Context context) {
    RequestParser.Refund refund = parser.refund(requiredBody(context));
    context.future(
        () ->
            checks
                .refund(refund.asked(), refund.chargedAtMillis())
                .thenAcceptAsync(
                    decided -> answers.json(context, correction(decided, "given back")),
                    answering));
  }

  private void reset(Context context) {
    AskedRequest asked = parser.reset(requiredBody(context));
    context.future(
        () ->
            checks
                .reset(asked)
                .thenAcceptAsync(
                    decided -> answers.json(context, correction(decided, "forgotten")), answering));
  }

  /** The verdict of what changes nothing is ALLOW: the message says that nothing was changed. */
  private static ObjectNode correction(DecidedRequest decided, String participle) {
    ObjectNode json = json(decided);
    Reason reason = decided.decision().reason();
    if (reason == Reason.NO_RULE) {
      json.put("message", "no rule matches these attributes; nothing was " + participle);
    } else if (reason == Reason.UNLIMITED) {
      json.put("message", "the rules that match have no limit; nothing was " + participle);
    }
    return json;
  }

  private void answer(Context context, DecidedRequest decided, Optional<Integer> status) {
    boolean refuses = status.isPresent() && !decided.decision().isAllowed();
    if (refuses) {
      context.status(status.get());
    }
    RateLimitFields.of(decided.decision()).fields(refuses).forEach(context::header);
    answers.json(context, json(decided));
  }

  private static ObjectNode json(DecidedRequest decided) {
    return AvroJson.of(Decisions.toRecord(decided));
  }

  private static JsonNode requiredBody(Context context) {
    QueryString.requireEmpty(Optional.ofNullable(context.queryString()));
    return RequestBody.find(context)
        .orElseThrow(() -> invalid("there is no body; send the request as a JSON object"));
  }

  private static Map<String, String> parameters(Context context) {
    return new LinkedHashMap<>(QueryString.parse(Optional.ofNullable(context.queryString())));
  }

  private static Optional<Integer> takeStatus(Map<String, String> parameters) {
    Optional<String> text = Optional.ofNullable(parameters.remove(STATUS));
    return text.map(
        digits -> {
          if (!digits.matches("4\\d\\d")) {
            throw invalid(
                "status is '"
                    + digits
                    + "'; it must be the status of a denial, from "
                    + LEAST_STATUS
                    + " to "
                    + MOST_STATUS);
          }
          return Integer.valueOf(digits);
        });
  }

  /** A GET that takes tokens must reach the gateway each time. */
  private static void forbidCaching(Context context) {
    context.header("Cache-Control", "no-store");
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(ProblemKind.INVALID_REQUEST, detail);
  }
}
