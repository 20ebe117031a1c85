package io.weir.streams.query;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.Identifiers;
import java.util.List;
import java.util.Optional;

/** The routes that say how limits stand. */
public final class LimitsRoutes {
  private static final String IDENTIFIERS = "/v1/identifiers/";
  private static final int MAX_IDENTIFIER_LENGTH = 4096;

  private final LimitsSource query;
  private final QueryJson json;
  private final JsonAnswers answers;

  /** Routes that ask the given query. */
  public LimitsRoutes(LimitsSource query, ObjectMapper mapper) {
    this.query = query;
    this.json = new QueryJson(mapper);
    this.answers = new JsonAnswers(mapper);
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.get("/v1/limits", this::limits),
        Route.get(IDENTIFIERS + "<identifier>", this::identifier));
  }

  private void limits(Context context) {
    LimitsQuestion question =
        LimitsQuestion.of(QueryString.parse(Optional.ofNullable(context.queryString())));
    Optional<String> forwarded = forwarded(context);
    context.future(
        () ->
            (forwarded.isPresent()
                    ? query.limitsHere(question, forwarded.get())
                    : query.limits(question))
                .thenAccept(answer -> answers.json(context, json.write(answer))));
  }

  private void identifier(Context context) {
    QueryString.requireEmpty(Optional.ofNullable(context.queryString()));
    String identifier = identifierOf(context.path());
    boolean isForwarded = forwarded(context).isPresent();
    context.future(
        () ->
            (isForwarded ? query.rowsHere(identifier) : query.rows(identifier))
                .thenAccept(answer -> answers.json(context, json.write(answer))));
  }

  /** The identifier stands in the path as it stands in decisions: its escapes are its own. */
  private static String identifierOf(String path) {
    String identifier = path.substring(IDENTIFIERS.length());
    if (identifier.length() > MAX_IDENTIFIER_LENGTH) {
      throw new ProblemException(
          ProblemKind.INVALID_REQUEST,
          "the identifier is "
              + identifier.length()
              + " characters long; it may have "
              + MAX_IDENTIFIER_LENGTH);
    }
    try {
      return Identifiers.decode(identifier).encoded();
    } catch (IdentifierException e) {
      throw new ProblemException(ProblemKind.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  private static Optional<String> forwarded(Context context) {
    return Optional.ofNullable(context.header(HttpPeers.FORWARDED_HEADER));
  }
}
