package io.weir.starter;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The application on a free port of the loopback address, and a client of it. */
final class RunningShop implements AutoCloseable {
  /** The servers that an application can have. */
  enum Server {
    TOMCAT(WebApplicationType.SERVLET, "tomcat.autoconfigure.servlet.TomcatServlet"),
    JETTY(WebApplicationType.SERVLET, "jetty.autoconfigure.servlet.JettyServlet"),
    NETTY(WebApplicationType.REACTIVE, "reactor.netty.autoconfigure.NettyReactive");

    private final WebApplicationType type;
    private final String configuration;

    Server(WebApplicationType type, String configuration) {
      this.type = type;
      this.configuration = "org.springframework.boot." + configuration;
    }

    /** What configures the other servers of the same kind. */
    private String others() {
      return Stream.concat(
              Stream.of(values()).filter(other -> other != this).map(other -> other.configuration),
              Stream.of(
                  "org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactive",
                  "org.springframework.boot.jetty.autoconfigure.reactive.JettyReactive"))
          .map(configuration -> configuration + "WebServerAutoConfiguration")
          .collect(Collectors.joining(","));
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final WebServerApplicationContext context;

  private RunningShop(WebServerApplicationContext context) {
    this.context = context;
  }

  static RunningShop start(Server server, Map<String, String> variables, String... settings) {
    SpringApplication application = new SpringApplication(ShopApplication.class);
    application.setWebApplicationType(server.type);
    application.addInitializers(
        it ->
            it.getEnvironment()
                .getPropertySources()
                .addFirst(
                    new SystemEnvironmentPropertySource(
                        "test-systemEnvironment", Map.copyOf(variables))));
    application.setDefaultProperties(Map.of("weir.limits.per-account", "1/day by account"));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--logging.level.root=warn",
                "--spring.reactor.netty.shutdown-quiet-period=0s",
                "--spring.autoconfigure.exclude=" + server.others()));
    for (String setting : settings) {
      arguments.add("--" + setting);
    }
    return new RunningShop(
        (WebServerApplicationContext) application.run(arguments.toArray(new String[0])));
  }

  /** The class of the server that really runs. */
  String serverType() {
    return webServer().getClass().getSimpleName();
  }

  private WebServer webServer() {
    return Objects.requireNonNull(context.getWebServer());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
  }

  CompletableFuture<HttpResponse<String>> getAsync(String path) {
    return client.sendAsync(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) {
    return getAsync(path).join();
  }

  HttpResponse<String> post(String path) {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
  }

  /** A bean of the application. */
  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  int port() {
    return webServer().getPort();
  }

  @Override
  public void close() {
    ((ConfigurableApplicationContext) context).close();
  }
}
