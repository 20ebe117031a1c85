package io.weir.streams.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.javalin.http.Context;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The routes that say which rules are in force. */
public final class RulesRoutes {
  private static final String YAML = "application/yaml";

  private final Readiness.Probe readiness;
  private final BooleanSupplier loaded;
  private final Supplier<RuleSet> rules;
  private final ObjectMapper mapper;
  private final JsonAnswers answers;
  private final RulesWriter writer = new RulesWriter();
  private final ObjectMapper yaml = new ObjectMapper(new YAMLFactory());

  /**
   * Routes over the rules in force.
   *
   * @param readiness tells why there are no rules
   * @param loaded whether the rules were loaded, all of them, since the start
   */
  public RulesRoutes(
      Readiness.Probe readiness,
      BooleanSupplier loaded,
      Supplier<RuleSet> rules,
      ObjectMapper mapper) {
    this.readiness = readiness;
    this.loaded = loaded;
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
    for (DomainRules document : rules.get().domains()) {
      domains.add(json(document));
    }
    answers.json(context, json);
  }

  private void one(Context context) {
    QueryString.requireEmpty(Optional.ofNullable(context.queryString()));
    requireLoaded();
    String domain = context.pathParam("domain");
    RuleSet inForce = rules.get();
    DomainRules document =
        inForce
            .find(domain)
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.UNKNOWN_DOMAIN, Domains.none(inForce, domain)));
    if (wantsYaml(context)) {
      context
          .header("Weir-Rules-Revision", Long.toString(document.revision()))
          .contentType(YAML)
          .result(writer.write(document));
    } else {
      answers.json(context, json(document));
    }
  }

  /**
   * Rules stay in force while the state moves, and to the end. Before all of them are loaded those
   * that are there say nothing, also where the start that would have loaded them has failed.
   */
  private void requireLoaded() {
    if (!loaded.getAsBoolean()) {
      readiness.requireReady();
    }
  }

  /** The rules as JSON, which is their YAML in other clothes: there is one writer of rules. */
  private ObjectNode json(DomainRules document) {
    ObjectNode json = mapper.createObjectNode();
    json.put("domain", document.domain());
    json.put("revision", document.revision());
    try {
      json.set("rules", yaml.readTree(writer.write(document)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "the rules of " + document.domain() + " are written as YAML that cannot be read", e);
    }
    return json;
  }

  private static boolean wantsYaml(Context context) {
    String accept = Optional.ofNullable(context.header("Accept")).orElse("");
    return accept.toLowerCase(Locale.ROOT).contains("yaml");
  }
}
