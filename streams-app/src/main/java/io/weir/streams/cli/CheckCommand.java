package io.weir.streams.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.streams.query.LimitReport;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir check}: asks a running gateway to judge one request. */
@Command(
    name = "check",
    customSynopsis = "./weir check [OPTIONS] DOMAIN NAME=VALUE...",
    description = {
      "Ask a gateway for the decision on one request, now. What is allowed is charged.",
      "The exit code tells the verdict: 0 where the request is allowed, 3 where it is denied."
    },
    footer = {
      "  ./weir check api user_id=42                       one request of a user",
      "  ./weir check api user_id=42 --cost 10             a dear one",
      "  ./weir check api user_id=42 --peek                what it would be, for nothing",
      "  ./weir check api user_id=42 --url http://weir:8080 --json"
    })
public final class CheckCommand implements Callable<Integer> {
  /** The exit code where the request is denied. */
  static final int DENIED = 3;

  private static final String PATH = "/v1/check";

  /** As query has them, but for what a decision does not tell. */
  private static final String[] HEADINGS = {
    "IDENTIFIER", "RULE", "LIMIT", "REMAINING", "VERDICT", "FULL AGAIN"
  };

  @Spec private CommandSpec spec;

  @Mixin private AskedOptions whom;

  /** What the request takes. */
  static final class Cost {
    @Option(
        names = "--cost",
        paramLabel = "N",
        converter = OptionTypes.Cost.class,
        description = "Tokens that the request takes; 0 takes none. Without it 1.")
    private long tokens = 1;

    @Option(names = "--peek", description = "Take nothing: say what a request of cost 1 would get.")
    private boolean peek;
  }

  @ArgGroup private Cost cost = new Cost();

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      converter = OptionTypes.RequestId.class,
      description = "The request_id of the request. Without it one is made.")
  private Optional<String> requestId = Optional.empty();

  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      converter = OptionTypes.InstanceUrl.class,
      description = InstanceClient.URL_DESCRIPTION)
  private Optional<URI> url = Optional.empty();

  @Option(names = "--json", description = "Print the decision as it came.")
  private boolean json;

  private final CommandContext context;

  /** The command. */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  public CheckCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    InstanceClient gateway = InstanceClient.of(context, url, InstanceClient.TIMEOUT);
    ObjectNode request = request();
    HttpResponse<String> response = gateway.post(PATH, request);
    if (response.statusCode() == 404) {
      throw gateway.notFound(
          PATH,
          new CommandFailure(
              "who answers there takes no checks: it is no gateway",
              "./weir gateway starts one, --url names it; ./weir query asks what judges a stream"));
    }
    if (response.statusCode() != 200) {
      throw gateway.refused(response);
    }
    CheckedDecision decision;
    try {
      decision = CheckedDecision.read(response.body());
    } catch (IllegalArgumentException e) {
      throw gateway.senseless(e);
    }
    if (decision.reason().equals(Reason.NO_RULE.name())) {
      warnOfUnknownDomain(gateway, request.path("domain").asText());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(response.body());
    } else {
      print(decision, out);
    }
    out.flush();
    return decision.verdict() == Verdict.ALLOW ? 0 : DENIED;
  }

  /** It may be misspelt, and whoever looks at the exit code alone would take it for allowed. */
  private void warnOfUnknownDomain(InstanceClient gateway, String domain) {
    String path = "/v1/rules/" + URLEncoder.encode(domain, UTF_8).replace("+", "%20");
    HttpResponse<String> rules = gateway.get(path);
    if (rules.statusCode() == 404) {
      String why = String.valueOf(gateway.refused(rules).getMessage());
      Warnings.print(spec.commandLine().getErr(), List.of(why));
    }
  }

  private ObjectNode request() {
    DomainAndAttributes asked = whom.read(spec.commandLine());
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    requestId.ifPresent(id -> request.put("request_id", id));
    request.put("domain", asked.requireDomain(spec.commandLine()));
    ObjectNode attributes = request.putObject("attributes");
    asked.attributes().forEach(attributes::put);
    return request.put("cost", cost.peek ? 0 : cost.tokens);
  }

  private void print(CheckedDecision decision, PrintWriter out) {
    out.println(decision.sentence());
    if (decision.limits().isEmpty()) {
      return;
    }
    TextTable table = new TextTable(spec.commandLine().getColorScheme().ansi(), HEADINGS);
    for (LimitReport limit : decision.limits()) {
      table.add(Arrays.copyOf(QueryTable.cells(limit), HEADINGS.length));
    }
    table.print(out);
  }
}
