package io.weir.streams.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.config.SettingTypes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Asks a running instance, or a gateway, over HTTP. Its methods throw {@link CommandFailure} where
 * it does not answer.
 */
public final class InstanceClient {
  /** What the option that names an instance says of itself. */
  public static final String URL_DESCRIPTION =
      "HTTP address of an instance. Without it the one that WEIR_URL names, else "
          + "http://127.0.0.1:8080.";

  /** The longest wait for a whole answer. */
  public static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final String DEFAULT_URL = "http://127.0.0.1:8080";
  private static final String URL_VARIABLE = "WEIR_URL";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final String url;
  private final Duration timeout;

  private InstanceClient(String url, Duration timeout) {
    this.url = url;
    this.timeout = timeout;
  }

  /**
   * A client of the instance that an option names, or else a variable, or else of the usual one.
   *
   * @param timeout the longest wait for a whole answer
   */
  public static InstanceClient of(CommandContext context, Optional<URI> option, Duration timeout) {
    return new InstanceClient(
        option.or(() -> urlOfEnvironment(context)).map(URI::toString).orElse(DEFAULT_URL), timeout);
  }

  private static Optional<URI> urlOfEnvironment(CommandContext context) {
    Optional<String> text = Optional.ofNullable(context.environment().get(URL_VARIABLE));
    try {
      return text.map(SettingTypes.url()::parse);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "environment variable " + URL_VARIABLE + " is '" + text.get() + "'; " + e.getMessage());
    }
  }

  /** What a path answers, whatever the status. */
  public HttpResponse<String> get(String path) {
    return ask(request(path));
  }

  /** What a path answers to JSON, whatever the status. */
  public HttpResponse<String> post(String path, JsonNode json) {
    return ask(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json.toString())));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url.replaceAll("/+$", "") + path))
        .header("Accept", "application/json");
  }

  private HttpResponse<String> ask(HttpRequest.Builder request) {
    try {
      return await(
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_TIMEOUT)
              .build()
              .sendAsync(request.build(), BodyHandlers.ofString()));
    } catch (HttpTimeoutException | TimeoutException e) {
      throw new CommandFailure(
          url + " does not answer", "/health/ready of that address says how it is", e);
    } catch (ConnectException | NoRouteToHostException e) {
      throw new CommandFailure(
          "nothing answers at " + url,
          "is Weir running? --url sets the HTTP address of an instance",
          e);
    } catch (SSLException e) {
      throw new CommandFailure(
          "what answers at " + url + " cannot be asked over TLS: " + e.getMessage(),
          "Weir's own HTTP address is http://; behind a proxy with TLS it is https://",
          e);
    } catch (IOException e) {
      throw new CommandFailure(
          "what answers at " + url + " does not speak HTTP: " + said(e),
          "--url sets the HTTP address of an instance; that of Envoy's requests, grpc.port, is"
              + " another one",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while waiting for " + url, e);
    }
  }

  /** Bounds the body too, which the time-out of a request does not. */
  private HttpResponse<String> await(CompletableFuture<HttpResponse<String>> exchange)
      throws IOException, TimeoutException, InterruptedException {
    try {
      return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? io
          : new IOException("the request could not be made", e);
    } finally {
      exchange.cancel(true);
    }
  }

  /**
   * That there is no such path where it answers.
   *
   * @param path what was asked for
   * @param mistake what that means, where the address is right
   */
  public CommandFailure notFound(String path, CommandFailure mistake) {
    String beneath = Optional.ofNullable(URI.create(url).getPath()).orElse("");
    return beneath.matches("/*")
        ? mistake
        : new CommandFailure(
            url + " has no " + path + ": it answers 404",
            "--url is an address without a path, such as "
                + DEFAULT_URL
                + ", unless a proxy puts Weir under one");
  }

  /** That it refused. */
  public CommandFailure refused(HttpResponse<String> response) {
    String hint =
        response.statusCode() == 503 ? "try again in a moment; /health/ready says how it is" : "";
    return new CommandFailure(detail(response), hint);
  }

  /** That what it answers makes no sense. */
  public CommandFailure senseless(RuntimeException why) {
    return new CommandFailure(
        "what answers at "
            + url
            + " is no instance of Weir: "
            + Printable.of(String.valueOf(why.getMessage())),
        "--url sets the HTTP address of an instance",
        why);
  }

  /** What is wrong with the answer, with its beginning where that is text. */
  private static String said(IOException e) {
    String said = String.valueOf(e.getMessage());
    return Printable.is(said) ? said : "it is no HTTP door of Weir";
  }

  /** What a problem document says, or the status where the answer is none. */
  private String detail(HttpResponse<String> response) {
    String bare = url + " answers " + response.statusCode();
    try {
      JsonNode detail = new ObjectMapper().readTree(response.body()).path("detail");
      return detail.isTextual() ? Printable.of(detail.asText()) : bare;
    } catch (JsonProcessingException e) {
      return bare;
    }
  }
}
