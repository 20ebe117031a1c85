package io.weir.streams.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.query.LimitsAnswer;
import io.weir.streams.query.LimitsQuestion;
import io.weir.streams.query.QueryJson;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
  @Spec private CommandSpec spec;

  @Mixin private AskedOptions whom;

  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      converter = OptionTypes.InstanceUrl.class,
      description = InstanceClient.URL_DESCRIPTION)
  private Optional<URI> option = Optional.empty();

  @Option(names = "--json", description = "Print the answer as it came.")
  private boolean json;

  private final CommandContext context;
  private final Duration timeout;

  /** The command. */
  public QueryCommand(CommandContext context) {
    this(context, InstanceClient.TIMEOUT);
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
    InstanceClient instance = InstanceClient.of(context, option, timeout);
    DomainAndAttributes asked = whom.read(spec.commandLine());
    LimitsQuestion question =
        new LimitsQuestion(asked.requireDomain(spec.commandLine()), asked.attributes());
    HttpResponse<String> response = instance.get("/v1/limits?" + question.toQuery());
    if (response.statusCode() != 200) {
      throw instance.refused(response);
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
      throw instance.senseless(e);
    }
    print(answer);
    return 0;
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
