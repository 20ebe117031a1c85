package io.weir.limiter.http.filter;

import java.util.Optional;

/**
 * Says one attribute of a request. What it gives is made short and valid by {@link
 * io.weir.limiter.http.AttributeText#valid}. Thread-safe, and returns at once where requests are
 * served without threads of their own. {@link Extractors} has the usual ones.
 */
@FunctionalInterface
public interface Extractor {
  /**
   * The value; empty where the request has none, which leaves the attribute out. So does throwing,
   * which is counted and logged.
   *
   * @throws RepeatedFieldException if the request is to be answered with 400, as it has several
   *     values of which the application may read another one
   */
  Optional<String> extract(IncomingRequest request);
}
