package io.weir.limiter.http.servlet;

import io.weir.limiter.Decision;
import io.weir.limiter.Request;

/** What came of asking the limiter. */
sealed interface Outcome {
  /** It decided. */
  record Decided(Request request, Decision decision) implements Outcome {}

  /** It failed. */
  record Failed(Throwable failure) implements Outcome {}
}
