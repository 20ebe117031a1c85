package io.weir.limiter.http.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A real servlet container on a free port of the loopback address, with one application at {@code
 * /app}, and a client of it.
 */
final class WebContainer implements AutoCloseable {
  /** The containers that there are. */
  enum Kind {
    JETTY,
    TOMCAT
  }

  /** So few that requests that hold them are noticed. */
  static final int THREADS = 8;

  /** What an application adds to its context. */
  @FunctionalInterface
  interface Application {
    void start(ServletContext context) throws ServletException;
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;
  private final AutoCloseable server;

  private WebContainer(int port, AutoCloseable server) {
    this.port = port;
    this.server = server;
  }

  static WebContainer start(Kind kind, Application application) {
    try {
      return kind == Kind.JETTY ? startJetty(application) : startTomcat(application);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static WebContainer startJetty(Application application) throws Exception {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setReservedThreads(0);
    Server server = new Server(threads);
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/app");
    context.addServletContainerInitializer((classes, it) -> application.start(it));
    server.setHandler(context);
    server.start();
    return new WebContainer(connector.getLocalPort(), server::stop);
  }

  private static WebContainer startTomcat(Application application) throws Exception {
    Logger.getLogger("org.apache").setLevel(Level.WARNING);
    File directory = Files.createTempDirectory("weir-tomcat").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(directory.toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxThreads", "" + THREADS);
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("/app", directory.toString());
    context.addWelcomeFile("index.html");
    context.addServletContainerInitializer((classes, it) -> application.start(it), Set.of());
    tomcat.start();
    return new WebContainer(
        connector.getLocalPort(),
        () -> {
          tomcat.stop();
          tomcat.destroy();
          delete(directory);
        });
  }

  private static void delete(File directory) {
    try (var files = Files.walk(directory.toPath())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request to a path of the application. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/app" + path));
  }

  HttpResponse<String> get(String path) {
    return send(request(path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return sendAsync(request).join();
  }

  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
