package io.weir.limiter.http.servlet;

import io.weir.limiter.http.RateLimitFields.Binding;
import io.weir.limiter.http.RateLimitHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a request to a servlet container. Not thread-safe.
 *
 * @param request notes what was told
 * @param response has the fields
 */
public record ServletAnswer(HttpServletRequest request, HttpServletResponse response)
    implements RateLimitHeaders.Answer {
  private static final String TOLD = ServletAnswer.class.getName() + "#told";

  @Override
  public List<String> values(String field) {
    return List.copyOf(response.getHeaders(field));
  }

  @Override
  public void add(String field, String value) {
    response.addHeader(field, value);
  }

  @Override
  public void set(String field, String value) {
    response.setHeader(field, value);
  }

  @Override
  public Optional<Binding> told() {
    return request.getAttribute(TOLD) instanceof Binding binding
        ? Optional.of(binding)
        : Optional.empty();
  }

  @Override
  public void setTold(Binding binding) {
    request.setAttribute(TOLD, binding);
  }
}
