package io.weir.streams.query;

import io.weir.limiter.rule.DomainRules;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whose limits are asked for.
 *
 * <p>In the query of a URL, {@code domain} is the domain, and every other parameter is an
 * attribute. A name that begins with {@code attribute.} is the attribute named by what follows, so
 * that every attribute can be asked for: one that is itself called {@code domain} as {@code
 * attribute.domain}, and one that is called {@code attribute.x} as {@code attribute.attribute.x}.
 *
 * @param domain the domain of the rules
 * @param attributes facts about the request, as in a request event
 */
public record LimitsQuestion(String domain, Map<String, String> attributes) {
  /** The parameter that is the domain. */
  public static final String DOMAIN = "domain";

  private static final String ATTRIBUTE = "attribute.";

  /** The bound of a request event, like those below: what could not be judged need not be asked. */
  public static final int MAX_ATTRIBUTES = 64;

  /** Characters of the names and values of all attributes together. */
  public static final int MAX_ATTRIBUTES_CHARS = 64 * 1024;

  /** Copies the attributes and keeps their order. */
  public LimitsQuestion {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /**
   * The question of a query: {@code domain=api&user_id=42}.
   *
   * @throws ProblemException if the domain or every attribute is missing, an attribute has no name
   *     or comes twice, or there is too much
   */
  public static LimitsQuestion of(Map<String, String> parameters) {
    Map<String, String> attributes = new LinkedHashMap<>();
    parameters.forEach(
        (parameter, value) -> {
          if (!parameter.equals(DOMAIN)
              && attributes.putIfAbsent(attributeOf(parameter), value) != null) {
            throw invalid(
                "the attribute "
                    + attributeOf(parameter)
                    + " is there with and without "
                    + ATTRIBUTE
                    + " before its name; give it once");
          }
        });
    String domain = parameters.get(DOMAIN);
    if (domain == null || domain.isEmpty()) {
      throw invalid("the parameter domain is missing; for example ?domain=api&user_id=42");
    }
    if (attributes.isEmpty()) {
      throw invalid("there is no attribute; add at least one, for example &user_id=42");
    }
    if (attributes.size() > MAX_ATTRIBUTES) {
      throw invalid(
          "there are "
              + attributes.size()
              + " attributes; there may be "
              + MAX_ATTRIBUTES
              + " at most");
    }
    requireShort(domain, attributes);
    return new LimitsQuestion(domain, attributes);
  }

  /** The question as the query of a URL. */
  public String toQuery() {
    StringBuilder query = new StringBuilder(DOMAIN).append('=').append(encoded(domain));
    attributes.forEach(
        (key, value) ->
            query.append('&').append(encoded(parameterOf(key))).append('=').append(encoded(value)));
    return query.toString();
  }

  private static String attributeOf(String parameter) {
    if (!parameter.startsWith(ATTRIBUTE)) {
      return parameter;
    }
    if (parameter.length() == ATTRIBUTE.length()) {
      throw invalid(
          "the parameter " + ATTRIBUTE + " names no attribute; write it like attribute.domain");
    }
    return parameter.substring(ATTRIBUTE.length());
  }

  private static String parameterOf(String attribute) {
    return attribute.equals(DOMAIN) || attribute.startsWith(ATTRIBUTE)
        ? ATTRIBUTE + attribute
        : attribute;
  }

  private static void requireShort(String domain, Map<String, String> attributes) {
    if (domain.length() > DomainRules.MAX_DOMAIN_CHARS) {
      throw invalid(
          "domain has "
              + domain.length()
              + " characters; it may have "
              + DomainRules.MAX_DOMAIN_CHARS);
    }
    long chars = 0;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      chars += attribute.getKey().length() + attribute.getValue().length();
    }
    if (chars > MAX_ATTRIBUTES_CHARS) {
      throw invalid(
          "the attributes have " + chars + " characters; they may have " + MAX_ATTRIBUTES_CHARS);
    }
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(ProblemKind.INVALID_REQUEST, detail);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
