package io.weir.limiter.http.servlet;

import io.weir.limiter.Decision;
import io.weir.limiter.http.Problem;
import io.weir.limiter.http.RateLimitHeaders;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** What the filter writes into answers. */
final class Answers {
  private final RateLimitHeaders headers;
  private final DenialHandler handler;

  Answers(RateLimitHeaders headers, DenialHandler handler) {
    this.headers = headers;
    this.handler = handler;
  }

  /** Tells of the limits in an answer that the application will write. */
  void tell(HttpServletRequest request, HttpServletResponse response, Decision decision) {
    headers.tell(new ServletAnswer(request, response), decision);
  }

  /** Tells that the limiter failed in an answer that the application will write. */
  void tellFailed(HttpServletRequest request, HttpServletResponse response) {
    headers.tellFailed(new ServletAnswer(request, response));
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
    tellFailed(request, response);
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
