package io.weir.streams.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.config.SettingTypes;
import io.weir.streams.query.LimitsAnswer;
import io.weir.streams.query.LimitsQuestion;
import io.weir.streams.query.QueryJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir query}: asks a running instance how limits stand. */
@Command(
    name = "query",
    customSynopsis = "./weir query [OPTIONS] DOMAIN NAME=VALUE...",
    description = {
      "Say how the limits stand that apply to a request, without taking anything from them.",
      "Any instance answers for all. That no rule matches is an answer, too, with exit code 0."
    },
    footer = {
      "  ./weir query api user_id=42                       the limits of a user",
      "  ./weir query api user_id=42 endpoint=/login       and of what they ask for",
      "  ./weir query api user_id=42 --url http://weir-1:8080 --json"
    })
public final class QueryCommand implements Callable<Integer> {
  private static final String DEFAULT_URL = "http://127.0.0.1:8080";
  private static final String URL_VARIABLE = "WEIR_URL";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = DomainAndAttributes.LABEL,
      description = DomainAndAttributes.DESCRIPTION)
  private List<String> arguments = List.of();

  @Option(
      names = {"-d", "--domain"},
      paramLabel = "DOMAIN",
      converter = OptionTypes.Domain.class,
      description = "The domain of the rules.")
  private Optional<String> domain = Optional.empty();

  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      converter = OptionTypes.InstanceUrl.class,
      description =
          "HTTP address of an instance. Without it the one that WEIR_URL names, else "
              + "http://127.0.0.1:8080.")
  private Optional<URI> option = Optional.empty();

  @Option(names = "--json", description = "Print the answer as it came.")
  private boolean json;

  private final CommandContext context;
  private final Duration timeout;
  private String url = DEFAULT_URL;

  /** The command. */
  public QueryCommand(CommandContext context) {
    this(context, TIMEOUT);
  }

  /**
   * The command.
   *
   * @param timeout the longest wait for the whole answer
   */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  QueryCommand(CommandContext context, Duration timeout) {
    this.context = context;
    this.timeout = timeout;
  }

  @Override
  public Integer call() {
    url = option.or(this::urlOfEnvironment).map(URI::toString).orElse(DEFAULT_URL);
    DomainAndAttributes asked = DomainAndAttributes.of(spec.commandLine(), domain, arguments);
    HttpResponse<String> response =
        ask(new LimitsQuestion(asked.requireDomain(spec.commandLine()), asked.attributes()));
    if (response.statusCode() != 200) {
      throw refused(response);
    }
    if (json) {
      spec.commandLine().getOut().print(response.body());
      spec.commandLine().getOut().flush();
      return 0;
    }
    LimitsAnswer answer;
    try {
      answer = new QueryJson(new ObjectMapper()).readLimits(response.body());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "what answers at " + url + " is no instance of Weir: " + e.getMessage(),
          "--url sets the HTTP address of an instance",
          e);
    }
    print(answer);
    return 0;
  }

  private Optional<URI> urlOfEnvironment() {
    Optional<String> text = Optional.ofNullable(context.environment().get(URL_VARIABLE));
    try {
      return text.map(SettingTypes.url()::parse);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "environment variable " + URL_VARIABLE + " is '" + text.get() + "'; " + e.getMessage());
    }
  }

  private HttpResponse<String> ask(LimitsQuestion question) {
    String base = url.replaceAll("/+$", "");
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + "/v1/limits?" + question.toQuery()))
              .header("Accept", "application/json")
              .build();
      return await(
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_TIMEOUT)
              .build()
              .sendAsync(request, BodyHandlers.ofString()));
    } catch (HttpTimeoutException | TimeoutException e) {
      throw new CommandFailure(
          url + " does not answer", "/health/ready of that address says how it is", e);
    } catch (IOException e) {
      throw new CommandFailure(
          "nothing answers at " + url,
          "is Weir running? --url sets the HTTP address of an instance",
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

  private CommandFailure refused(HttpResponse<String> response) {
    String hint =
        response.statusCode() == 503 ? "try again in a moment; /health/ready says how it is" : "";
    return new CommandFailure(detail(response), hint);
  }

  /** What a problem document says, or the status where the answer is none. */
  private String detail(HttpResponse<String> response) {
    String bare = url + " answers " + response.statusCode();
    try {
      JsonNode detail = new ObjectMapper().readTree(response.body()).path("detail");
      return detail.isTextual() ? detail.asText() : bare;
    } catch (JsonProcessingException e) {
      return bare;
    }
  }

  private void print(LimitsAnswer answer) {
    Warnings.print(spec.commandLine().getErr(), answer.warnings());
    if (answer.limits().isEmpty()) {
      spec.commandLine()
          .getOut()
          .println(
              answer.matched()
                  ? "Unlimited: the rules that match have no limit."
                  : "No rule with a limit matches these attributes in the domain "
                      + answer.domain()
                      + ".");
      spec.commandLine().getOut().flush();
      return;
    }
    TextTable table =
        new TextTable(
            spec.commandLine().getColorScheme().ansi(),
            "IDENTIFIER",
            "RULE",
            "LIMIT",
            "REMAINING",
            "NOW",
            "FULL AGAIN",
            "LAST ADMITTED",
            "INSTANCE");
    answer.limits().forEach(report -> table.add(QueryTable.cells(report)));
    table.print(spec.commandLine().getOut());
  }
}
