package io.weir.streams.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.javalin.http.Context;
import io.weir.streams.query.RulesInForce.RulesDocument;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The routes that say which rules are in force. */
public final class RulesRoutes {
  private static final String YAML = "application/yaml";

  private final Readiness.Probe readiness;
  private final RulesInForce rules;
  private final ObjectMapper mapper;
  private final JsonAnswers answers;
  private final ObjectMapper yaml =
      new ObjectMapper(
          new YAMLFactory()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

  /**
   * Routes over the rules in force.
   *
   * @param readiness tells whether the rules are loaded
   */
  public RulesRoutes(Readiness.Probe readiness, RulesInForce rules, ObjectMapper mapper) {
    this.readiness = readiness;
    this.rules = rules;
    this.mapper = mapper;
    this.answers = new JsonAnswers(mapper);
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(Route.get("/v1/rules", this::all), Route.get("/v1/rules/{domain}", this::one));
  }

  private void all(Context context) {
    QueryString.requireEmpty(Optional.ofNullable(context.queryString()));
    requireLoaded();
    ObjectNode json = mapper.createObjectNode();
    ArrayNode domains = json.putArray("domains");
    for (RulesDocument document : rules.all()) {
      domains.add(json(document));
    }
    answers.json(context, json);
  }

  private void one(Context context) {
    QueryString.requireEmpty(Optional.ofNullable(context.queryString()));
    requireLoaded();
    String domain = context.pathParam("domain");
    RulesDocument document =
        rules
            .of(domain)
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.UNKNOWN_DOMAIN,
                        "there are no rules for the domain "
                            + domain
                            + "; /v1/rules lists those there are"));
    if (wantsYaml(context)) {
      context
          .header("Weir-Rules-Revision", Long.toString(document.revision()))
          .contentType(YAML)
          .result(yaml(document));
    } else {
      answers.json(context, json(document));
    }
  }

  /** Rules stay in force while the state moves; only before they are loaded there are none. */
  private void requireLoaded() {
    if (readiness.readiness() instanceof Readiness.NotReady notReady
        && notReady.phase() == Readiness.Phase.STARTING) {
      throw new ProblemException(ProblemKind.NOT_READY, notReady.detail());
    }
  }

  private ObjectNode json(RulesDocument document) {
    ObjectNode json = mapper.createObjectNode();
    json.put("domain", document.domain());
    json.put("revision", document.revision());
    json.set("rules", mapper.valueToTree(document.tree()));
    return json;
  }

  private String yaml(RulesDocument document) {
    try {
      return yaml.writeValueAsString(document.tree());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the rules of " + document.domain() + " cannot be written as YAML", e);
    }
  }

  private static boolean wantsYaml(Context context) {
    String accept = Optional.ofNullable(context.header("Accept")).orElse("");
    return accept.toLowerCase(Locale.ROOT).contains("yaml");
  }
}
