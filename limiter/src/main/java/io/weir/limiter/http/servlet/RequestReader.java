package io.weir.limiter.http.servlet;

import io.weir.limiter.Request;
import io.weir.limiter.http.AttributeText;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Makes a question to the limiter of a request to the server. */
final class RequestReader {
  private final String domain;
  private final Map<String, Extractor> extractors;
  private final ToLongFunction<HttpServletRequest> cost;

  RequestReader(
      String domain, Map<String, Extractor> extractors, ToLongFunction<HttpServletRequest> cost) {
    this.domain = domain;
    this.extractors = new LinkedHashMap<>(extractors);
    this.cost = cost;
  }

  /** The question; what a request has no value of is left out. */
  Request read(HttpServletRequest request) {
    Map<String, String> attributes = new HashMap<>();
    extractors.forEach(
        (name, extractor) ->
            extractor
                .extract(request)
                .flatMap(AttributeText::bounded)
                .ifPresent(value -> attributes.put(name, value)));
    return new Request(domain, attributes, cost.applyAsLong(request));
  }
}
