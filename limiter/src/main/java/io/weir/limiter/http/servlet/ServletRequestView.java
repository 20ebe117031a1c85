package io.weir.limiter.http.servlet;

import io.weir.limiter.http.RequestPaths;
import io.weir.limiter.http.filter.IncomingRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;

/** A request to a servlet container. */
record ServletRequestView(HttpServletRequest request) implements IncomingRequest {
  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String uriPath() {
    return request.getRequestURI();
  }

  @Override
  public String contextPath() {
    return request.getContextPath();
  }

  /**
   * That which the container found the servlet by, but for welcome pages: Tomcat finds {@code
   * /index.html} for {@code /}, where Jetty, and frameworks that look at the URI, stay with {@code
   * /}. Nothing else puts a path below that of the URI.
   */
  @Override
  public String path() {
    try {
      String inServlet = request.getPathInfo();
      String servlet = request.getServletPath();
      String found = inServlet == null ? servlet : servlet + inServlet;
      return isWelcomePage(found) ? asked() : found;
    } catch (IllegalArgumentException e) {
      // Jetty decodes no path that can be read in two ways, where it is told to take one at all.
      return asked();
    }
  }

  private boolean isWelcomePage(String found) {
    // Most URIs are written as they are decoded, and need no second look.
    return !uriPath().endsWith(found) && RequestPaths.isBelow(found, asked());
  }

  private String asked() {
    return RequestPaths.ofUri(uriPath(), contextPath());
  }

  @Override
  public String remoteAddress() {
    return Optional.ofNullable(request.getRemoteAddr()).orElse("");
  }

  @Override
  public Optional<String> user() {
    return Optional.ofNullable(request.getUserPrincipal()).map(Principal::getName);
  }

  @Override
  public List<String> headers(String name) {
    Enumeration<String> values = request.getHeaders(name);
    return values == null ? List.of() : Collections.list(values);
  }

  @Override
  public <T> T as(Class<T> type) {
    return type.cast(request);
  }
}
