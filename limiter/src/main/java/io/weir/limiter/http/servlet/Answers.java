package io.weir.limiter.http.servlet;

import io.weir.limiter.Decision;
import io.weir.limiter.http.Degradation;
import io.weir.limiter.http.Problem;
import io.weir.limiter.http.RateLimitFields;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What the filter writes into answers. Where several filters tell of one request, lists have the
 * items of all of them, and the fields that have room for one limit tell the strictest.
 */
final class Answers {
  /** Of a request, the limit that its answer tells in the fields that have room for one. */
  private static final String TOLD = RateLimitFilter.class.getName() + "#told";

  private final RateLimitFields.Style style;
  private final RateLimitFields.ResetForm resetForm;
  private final DenialHandler handler;

  Answers(RateLimitFields.Style style, RateLimitFields.ResetForm resetForm, DenialHandler handler) {
    this.style = style;
    this.resetForm = resetForm;
    this.handler = handler;
  }

  /** Tells of the limits in an answer that the application will write. */
  void tell(HttpServletRequest request, HttpServletResponse response, Decision decision) {
    RateLimitFields told = RateLimitFields.of(decision);
    Map<String, String> fields = told.fields(style, resetForm, !decision.isAllowed());
    boolean strictest = !decision.isAllowed() || isStrictest(request, told);
    fields.forEach(
        (name, value) -> {
          if (RateLimitFields.isList(name)) {
            response.addHeader(name, value);
          } else if (strictest) {
            response.setHeader(name, value);
          }
        });
    if (strictest && fields.containsKey(RateLimitFields.X_RATE_LIMIT_LIMIT)) {
      told.binding().ifPresent(binding -> request.setAttribute(TOLD, binding));
    }
    Degradation.of(decision).ifPresent(value -> tellDegraded(response, value));
  }

  private static boolean isStrictest(HttpServletRequest request, RateLimitFields told) {
    return !(request.getAttribute(TOLD) instanceof RateLimitFields.Binding before)
        || told.binding().filter(binding -> binding.isStricterThan(before)).isPresent();
  }

  private static void tellDegraded(HttpServletResponse response, String value) {
    if (!response.getHeaders(Degradation.FIELD).contains(value)) {
      response.addHeader(Degradation.FIELD, value);
    }
  }

  /** Tells that the limiter failed in an answer that the application will write. */
  void tellFailed(HttpServletResponse response) {
    tellDegraded(response, Degradation.FAILED);
  }

  /** Answers a request that is not served. */
  void deny(HttpServletRequest request, HttpServletResponse response, Decision decision)
      throws IOException, ServletException {
    tell(request, response, decision);
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

  /** Answers a request that has several values of which one is wanted. */
  void denyRepeated(HttpServletRequest request, HttpServletResponse response, String field)
      throws IOException, ServletException {
    deny(request, response, new Denial(Problem.repeatedField(field), Optional.empty()));
  }

  private void deny(HttpServletRequest request, HttpServletResponse response, Denial denial)
      throws IOException, ServletException {
    // RFC 6585, section 4: an answer with 429 must not be stored.
    response.setHeader("Cache-Control", "no-store");
    handler.handle(request, response, denial);
  }
}
