package io.weir.limiter.http.filter;

import io.weir.limiter.Decision;
import io.weir.limiter.Request;

/** What came of asking the limiter about a request, once its turn has come. */
public sealed interface Outcome {
  /**
   * It decided.
   *
   * @param request what it was asked
   * @param decision what it said
   */
  record Decided(Request request, Decision decision) implements Outcome {}

  /**
   * It failed.
   *
   * @param failure why
   */
  record Failed(Throwable failure) implements Outcome {}
}
