package io.weir.limiter.http.filter;

import io.weir.limiter.Request;
import io.weir.limiter.http.AttributeText;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Makes a question to the limiter of a request to the server. There is always one: what cannot be
 * read of a request is left out, or else a client who sends it would switch its limits off.
 */
final class RequestReader {
  private final String domain;
  private final Map<String, Extractor> extractors;
  private final ToLongFunction<IncomingRequest> cost;
  private final FailureLog unread;

  RequestReader(
      String domain,
      Map<String, Extractor> extractors,
      ToLongFunction<IncomingRequest> cost,
      FailureLog unread) {
    this.domain = domain;
    this.extractors = new LinkedHashMap<>(extractors);
    this.cost = cost;
    this.unread = unread;
  }

  /**
   * The question; what a request has no value of is left out.
   *
   * @throws RepeatedFieldException if an extractor does
   */
  Request read(IncomingRequest request) {
    Map<String, String> attributes = new HashMap<>();
    extractors.forEach(
        (name, extractor) ->
            value(name, extractor, request).ifPresent(value -> attributes.put(name, value)));
    return new Request(domain, attributes, cost(request)).withShortKeys();
  }

  private Optional<String> value(String name, Extractor extractor, IncomingRequest request) {
    try {
      return extractor.extract(request).flatMap(AttributeText::valid);
    } catch (RepeatedFieldException e) {
      throw e;
    } catch (RuntimeException e) {
      unread.add(e, "the attribute '" + name + "' was left out");
      return Optional.empty();
    }
  }

  private long cost(IncomingRequest request) {
    try {
      long tokens = cost.applyAsLong(request);
      if (tokens >= 0) {
        return tokens;
      }
      throw new IllegalArgumentException("the cost is " + tokens + "; it must be 0 or more");
    } catch (RuntimeException e) {
      unread.add(e, "its cost was taken to be 1");
      return 1;
    }
  }
}
