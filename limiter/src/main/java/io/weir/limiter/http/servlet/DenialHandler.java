package io.weir.limiter.http.servlet;

import io.weir.limiter.http.Problem;
import io.weir.limiter.http.filter.Denial;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers a request that is not served. Thread-safe. */
@FunctionalInterface
public interface DenialHandler {
  /**
   * Answers. The fields that tell of limits, {@code Retry-After} and {@code Cache-Control} are set
   * already; the status and the body are not.
   */
  void handle(HttpServletRequest request, HttpServletResponse response, Denial denial)
      throws IOException, ServletException;

  /** Answers with the problem's status and with problem+json; HEAD without a body. */
  static DenialHandler problemJson() {
    return (request, response, denial) -> {
      byte[] body = denial.problem().json().getBytes(StandardCharsets.UTF_8);
      response.setStatus(denial.problem().status());
      response.setContentType(Problem.MEDIA_TYPE);
      response.setContentLength(body.length);
      if (!"HEAD".equals(request.getMethod())) {
        response.getOutputStream().write(body);
      }
    };
  }

  /** Answers with the container's page for the problem's status, which the application can map. */
  static DenialHandler sendError() {
    return (request, response, denial) -> response.sendError(denial.problem().status());
  }
}
