package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.cli.Commands.Result;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a command line is said in one sentence, with exit code 2. */
class OptionValuesTest {
  private final Commands commands = Commands.in(Map.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          send -d api a=1 --rate 0          | --rate is '0'; it must be a number above 0, such as 100 or 0.5
          send -d api a=1 --rate NaN        | --rate is 'NaN'; it must be a number above 0, such as 100 or 0.5
          send -d api a=1 --count 0         | --count is '0'; it must be a whole number, 1 or more
          send -d api a=1 --cost -1         | --cost is '-1'; it must be a whole number, 0 or more
          send -d api a=1 --cost one        | --cost is 'one'; it must be a whole number, 0 or more
          send --domain= a=1                | --domain is ''; it must be the name of a domain
          send --json=3                     | --json is '3'; it takes no value
          watch --max 0                     | --max is '0'; it must be a whole number, 1 or more
          watch --for 1x                    | --for is '1x'; it must be a duration from 1ms to 365d, such as 100ms, 5s, 10m, 2h or 1d
          watch --for 0                     | --for is '0'; it must be a duration from 1ms to 365d, such as 100ms, 5s, 10m, 2h or 1d
          watch --output xml                | --output is 'xml'; it must be table or json
          watch --request-id=               | --request-id is ''; it must be a request_id
          refund -d a a=1 --charged-at noon | --charged-at is 'noon'; it must be a time such as 2026-11-21T18:00:00.123Z, or milliseconds since the epoch
          refund -d a a=1 --charged-at -5   | --charged-at is '-5'; it must be a time such as 2026-11-21T18:00:00.123Z, or milliseconds since the epoch
          refund -d a a=1 --charged-at 1969-12-31T23:59:59Z | --charged-at is '1969-12-31T23:59:59Z'; it must be a time such as 2026-11-21T18:00:00.123Z, or milliseconds since the epoch
          refund -d a a=1 --charged-at +999999999-01-01T00:00:00Z | --charged-at is '+999999999-01-01T00:00:00Z'; it must be a time such as 2026-11-21T18:00:00.123Z, or milliseconds since the epoch
          refund -d a a=1 --charged-at 5 --cost 0 | --cost is '0'; it must be a whole number, 1 or more
          refund --domain= a=1 --charged-at 5 | --domain is ''; it must be the name of a domain
          reset --domain= a=1               | --domain is ''; it must be the name of a domain
          reset -d a a=1 --wait 0           | --wait is '0'; it must be a duration from 1ms to 365d, such as 100ms, 5s, 10m, 2h or 1d
          reset -d a a=1 --no-wait=1        | --no-wait is '1'; it takes no value
          reset -d a a=1 --request-id=      | --request-id is ''; it must be a request_id
          rules list --config=              | --config is ''; it must be a path
          watch --identifier user_id=42     | --identifier is 'user_id=42'; it must be a domain, a key and a value as decisions have them, such as api/user_id=42
          query api a=1 --url ftp://x       | --url is 'ftp://x'; it must be an http:// or https:// address, such as http://127.0.0.1:8080
          query api a=1 --url localhost:80  | --url is 'localhost:80'; it must be an http:// or https:// address, such as http://127.0.0.1:8080
          query api a=1 --url http://h:77777 | --url is 'http://h:77777'; it must be an http:// or https:// address, such as http://127.0.0.1:8080
          query api a=1 --url http://h/?a   | --url is 'http://h/?a'; it must be an http:// or https:// address, such as http://127.0.0.1:8080
          dev --port 99999                  | --port is '99999'; it must be a whole number from 0 to 65535
          topics apply --replicas 0         | --replicas is '0'; it must be a whole number from 1 to 32767
          topics check -b nohost            | --bootstrap-server is 'nohost'; it must be hosts with ports, separated by commas, such as broker-1:9092,broker-2:9092
          rules list -r http://u:pw@a^b | --registry is 'http://(hidden)@a^b'; it must be one or more http:// or https:// addresses, separated by commas
          """)
  void aValueThatIsNoneEndsWithTwo(String line, String sentence) {
    assertUsage(commands.run(line.split(" ")), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          send --dmain api                  | there is no option --dmain; did you mean --domain?
          send -x                           | there is no option -x
          send --rat=3                      | there is no option --rat; did you mean --rate?
          send --domain                     | --domain needs a value, DOMAIN
          send --domain --count 3           | --domain needs a value, DOMAIN
          watch --json --output table       | --output=FORMAT and --json exclude each other; give one of them
          watch --max 1 --max 2             | --max is there more than once; give it once
          query                             | the domain of the rules and the attributes of the request are missing; write them, such as api user_id=42
          query api                         | the attributes of the request are missing; write NAME=VALUE, such as user_id=42
          query -d api                      | the attributes of the request are missing; write NAME=VALUE, such as user_id=42
          query user_id=42                  | the domain of the rules is missing; name it before the attributes, or with --domain
          query api -d api a=1              | 'api' is no attribute; write NAME=VALUE, such as user_id=42
          rules validate                    | FILE is missing
          rules vlidate                     | there is no command vlidate; did you mean validate?
          wach                              | there is no command wach; did you mean watch?
          topics apply a.yml b.yml          | the argument 'b.yml' is one too many
          send -d api a                     | 'a' is no attribute; write NAME=VALUE, such as user_id=42
          send -d api a=1 a=2               | the attribute a is there more than once; give it once
          reset                             | the domain of the rules and the attributes of the request are missing; write them, such as api user_id=42
          reset user_id=42                  | the domain of the rules is missing; name it before the attributes, or with --domain
          reset api                         | the attributes of the request are missing; write NAME=VALUE, such as user_id=42
          reset -d api 42                   | '42' is no attribute; write NAME=VALUE, such as user_id=42
          reset -d api a=1 a=2              | the attribute a is there more than once; give it once
          reset -d api a=1 --cost 3         | there is no option --cost
          reset -d api a=1 --wait 1s --no-wait | --wait=TIME and --no-wait exclude each other; give one of them
          refund -d api --charged-at 5      | the attributes of the request are missing; write NAME=VALUE, such as user_id=42
          refund a=1 --charged-at 5         | the domain of the rules is missing; name it before the attributes, or with --domain
          refund -d api a=1                 | --charged-at is missing; it tells the evaluation_time of the decision that is refunded, or --decision the decision
          refund a=1 --charged-at 5 --decision - | --charged-at=T and --decision=FILE exclude each other; give one of them
          refund -d api a=1 --decision -    | the domain 'api' and --decision exclude each other; the decision names its domain
          refund api a=1 --decision -       | 'api' is no attribute; write NAME=VALUE. The domain is the decision's
          refund a:1 b=2 --decision -       | 'a:1' is no attribute; write NAME=VALUE. The domain is the decision's
          refund a=1 a --decision missing.json | 'a' is no attribute; write NAME=VALUE, such as user_id=42
          rules                             | which command: validate, apply, list or delete?
          """)
  void whatDoesNotBelongOrIsMissingEndsWithTwo(String line, String sentence) {
    assertUsage(commands.run(line.split(" ")), sentence);
  }

  @Test
  void theHintNamesTheHelpOfTheCommand() {
    assertThat(commands.run("topics", "apply", "--replicas", "0").err().lines())
        .last()
        .isEqualTo("hint: see ./weir topics apply --help");
  }

  @Test
  void theErrorIsColouredOnATerminal() {
    assertThat(commands.withTerminal().run("wach").err()).startsWith("\u001b[31merror:\u001b[0m ");
  }

  private static void assertUsage(Result result, String sentence) {
    assertThat(result.err().lines()).first().isEqualTo("error: " + sentence);
    assertThat(result.err().lines()).hasSize(2).last().asString().startsWith("hint: see ./weir");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }
}
