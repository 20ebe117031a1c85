package io.weir.limiter.http.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** An application behind filters, which counts the requests that it sees. */
final class TestApplication implements WebContainer.Application {
  private final List<Filter> filters;
  final AtomicInteger requests = new AtomicInteger();
  private final boolean asyncSupported;
  private final Set<DispatcherType> dispatches;

  TestApplication(Filter... filters) {
    this(true, filters);
  }

  TestApplication(boolean asyncSupported, Filter... filters) {
    this(asyncSupported, EnumSet.allOf(DispatcherType.class), filters);
  }

  TestApplication(boolean asyncSupported, Set<DispatcherType> dispatches, Filter... filters) {
    this.asyncSupported = asyncSupported;
    this.dispatches = dispatches;
    this.filters = List.of(filters);
  }

  @Override
  public void start(ServletContext context) {
    for (int i = 0; i < filters.size(); i++) {
      FilterRegistration.Dynamic filter = context.addFilter("filter-" + i, filters.get(i));
      filter.setAsyncSupported(asyncSupported);
      // Twice, and for every kind of dispatch: what a careless configuration does.
      for (String pattern : List.of("/*", "/orders/*")) {
        filter.addMappingForUrlPatterns(EnumSet.copyOf(dispatches), false, pattern);
      }
    }
    ServletRegistration.Dynamic servlet = context.addServlet("application", new Pages());
    servlet.setAsyncSupported(asyncSupported);
    servlet.addMapping("/*");
  }

  private final class Pages extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      String path = String.valueOf(request.getPathInfo());
      if (path.startsWith("/forward")) {
        request.getRequestDispatcher("/page").forward(request, response);
      } else if (path.startsWith("/error")
          && request.getDispatcherType() == DispatcherType.REQUEST) {
        response.sendError(418);
      } else if (path.startsWith("/async") && request.getDispatcherType() != DispatcherType.ASYNC) {
        answerLater(request);
      } else {
        requests.incrementAndGet();
        response.setContentType("text/plain");
        response.getWriter().print("page by " + request.getDispatcherType());
      }
    }

    private void answerLater(HttpServletRequest request) {
      AsyncContext context = request.startAsync();
      var unused = CompletableFuture.runAsync(context::dispatch);
    }
  }
}
