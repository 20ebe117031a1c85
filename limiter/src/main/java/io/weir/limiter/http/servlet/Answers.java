package io.weir.limiter.http.servlet;

import io.weir.limiter.Decision;
import io.weir.limiter.http.Degradation;
import io.weir.limiter.http.Problem;
import io.weir.limiter.http.RateLimitFields;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** What the filter writes into answers. */
final class Answers {
  private final RateLimitFields.Style style;
  private final RateLimitFields.ResetForm resetForm;
  private final DenialHandler handler;

  Answers(RateLimitFields.Style style, RateLimitFields.ResetForm resetForm, DenialHandler handler) {
    this.style = style;
    this.resetForm = resetForm;
    this.handler = handler;
  }

  /** Tells of the limits in an answer that the application will write. */
  void tell(HttpServletResponse response, Decision decision) {
    RateLimitFields.of(decision)
        .fields(style, resetForm, !decision.isAllowed())
        .forEach(response::setHeader);
    Degradation.of(decision).ifPresent(value -> response.setHeader(Degradation.FIELD, value));
  }

  /** Tells that the limiter failed in an answer that the application will write. */
  void tellFailed(HttpServletResponse response) {
    response.setHeader(Degradation.FIELD, Degradation.FAILED);
  }

  /** Answers a request that is not served. */
  void deny(HttpServletRequest request, HttpServletResponse response, Decision decision)
      throws IOException, ServletException {
    tell(response, decision);
    deny(request, response, new Denial(Problem.of(decision), Optional.of(decision)));
  }

  /** Answers a request that is not served, as nobody could decide. */
  void denyFailed(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    tellFailed(response);
    deny(request, response, new Denial(Problem.unavailable(), Optional.empty()));
  }

  /** Answers a request whose path can be read in two ways. */
  void denyAmbiguous(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    deny(request, response, new Denial(Problem.ambiguousPath(), Optional.empty()));
  }

  private void deny(HttpServletRequest request, HttpServletResponse response, Denial denial)
      throws IOException, ServletException {
    // RFC 6585, section 4: an answer with 429 must not be stored.
    response.setHeader("Cache-Control", "no-store");
    handler.handle(request, response, denial);
  }
}
