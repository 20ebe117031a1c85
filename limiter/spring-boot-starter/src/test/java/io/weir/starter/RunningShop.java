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
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The application on a free port of the loopback address, and a client of it. */
final class RunningShop implements AutoCloseable {
  /** The servers that an application can have. */
  enum Server {
    TOMCAT(
        "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration"),
    JETTY(
        "org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration");

    private final String other;

    Server(String other) {
      this.other = other;
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final ServletWebServerApplicationContext context;

  private RunningShop(ServletWebServerApplicationContext context) {
    this.context = context;
  }

  static RunningShop start(Server server, Map<String, String> variables, String... settings) {
    SpringApplication application = new SpringApplication(ShopApplication.class);
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
                "--spring.autoconfigure.exclude=" + server.other));
    for (String setting : settings) {
      arguments.add("--" + setting);
    }
    ConfigurableApplicationContext context = application.run(arguments.toArray(new String[0]));
    return new RunningShop((ServletWebServerApplicationContext) context);
  }

  /** The class of the server that really runs. */
  String serverType() {
    return webServer().getClass().getSimpleName();
  }

  private WebServer webServer() {
    return Objects.requireNonNull(context.getWebServer());
  }

  HttpRequest.Builder request(String path) {
    int port = webServer().getPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  CompletableFuture<HttpResponse<String>> getAsync(String path) {
    return client.sendAsync(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) {
    return getAsync(path).join();
  }

  HttpResponse<String> post(String path) {
    return client
        .sendAsync(
            request(path).POST(HttpRequest.BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.ofString())
        .join();
  }

  @Override
  public void close() {
    context.close();
  }
}
