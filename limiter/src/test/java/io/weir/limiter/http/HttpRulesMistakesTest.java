package io.weir.limiter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.rule.RulesException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines and names that make no sense, and what is told of them. */
class HttpRulesMistakesTest extends HttpRulesKit {
  @ParameterizedTest
  @ValueSource(strings = {"WEIR_LIMIT", "WEIR_LIMIT_", "WEIR_LIMITS", "WEIR_LIMITS_"})
  void aVariableWithoutTheNameOfALimitIsAMistake(String variable) {
    assertThatThrownBy(() -> environment(Map.of(variable, "5/minute by address")))
        .isInstanceOf(RulesException.class)
        .hasMessage(
            variable
                + " is '5/minute by address': it names no limit; it must be like"
                + " WEIR_LIMITS_LOGIN");
  }

  @Test
  void aVariableThatIsNearlyALimitIsAMistake() {
    assertThatThrownBy(() -> environment(Map.of("WEIR_LIMIT_LOGIN", "5/minute by address")))
        .isInstanceOf(RulesException.class)
        .hasMessage("WEIR_LIMIT_LOGIN names no limit; it must be WEIR_LIMITS_LOGIN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                       | it has no rate; it must be like 5/minute, 10/30seconds or"
            + " unlimited",
        "5/minute                 | it names neither a route nor whom it is by; write by all for"
            + " one budget of all requests",
        "POST /login              | it has no rate; it must be like 5/minute, 10/30seconds or"
            + " unlimited",
        "POST login 5/minute      | the method POST is followed by 'login'; it must be a path",
        "POST                     | the method POST is followed by ''; it must be a path",
        "post /login 5/minute     | the method 'post' must be in capitals: POST",
        "by address 5/minute      | 'by' is no rate; it must be like 5/minute, 10/30seconds or"
            + " unlimited",
        "POTS /login 5/minute     | the route 'POTS /login' has the method 'POTS'; it must be one"
            + " that is registered, such as GET, OTHER for all that are not, or none; did you mean"
            + " 'POST'?",
        "/a** 5/minute            | the route '/a**' has the segment 'a**'; * and {name} are whole"
            + " segments",
        "/a 5 per minute          | '5' is no rate; it must be like 5/minute, 10/30seconds or"
            + " unlimited",
        "/a 5/minut               | '5/minut' has the unit 'minut'; it must be one of second,"
            + " minute, hour, day, week, month, year; did you mean 'minute'?",
        "/a 99999999999999999999/day | '99999999999999999999/day' has the number"
            + " '99999999999999999999'; it must be from 0 to 9223372036854775807",
        "/a 5/0seconds            | unit_multiplier is 0; for the unit second it must be from 1 to"
            + " 31536000000: a period of zero length holds no request",
        "/a 5/minute by           | '' behind by is no attribute; write them as in: by"
            + " address,user",
        "/a 5/minute by user,     | '' behind by is no attribute; write them as in: by"
            + " address,user",
        "/a 5/minute by user,user | 'user' behind by is said already; name each attribute once",
        "5/minute by all,user     | 'all' behind by is every request; leave it out, or the other"
            + " attributes",
        "/a 5/minute by route     | 'route' behind by is what the line begins with; leave it out",
        "5/minute by route        | 'route' behind by has no value; begin the line with the route,"
            + " as in: GET /reports 5/minute",
        "5/minute burst=9 by address | 'by' is in a wrong place; the order is: rate, by"
            + " ATTRIBUTE,…, options",
        "5/minute by user by address | 'by' is there twice; write it once, as in: by address,user",
        "OFF                      | it must be off, in small letters",
        "Off                      | it must be off, in small letters",
        "/a 5/minute burst=9      | burst has no meaning for fixed_window; leave it out, or choose"
            + " token_bucket or leaky_bucket",
        "/a 5/minute algorithm=x burst=2 | unknown algorithm 'x'; known are fixed_window,"
            + " token_bucket, leaky_bucket, sliding_window_log, sliding_window_counter",
        "/a 5/minute on_error=no  | on_error is 'no'; it must be allow, deny or local",
        "/a 5/minute burst=many   | 'burst=many' has the number 'many'; it must be from 0 to"
            + " 9223372036854775807",
        "/a 5/minute burst        | 'burst' is not understood there; what may follow is by"
            + " ATTRIBUTE,…, and once each algorithm=…, burst=…, on_error=… and replaces=…",
        "/a 5/minute brst=3       | 'brst=3' is not understood there; what may follow is by"
            + " ATTRIBUTE,…, and once each algorithm=…, burst=…, on_error=… and replaces=…; did you"
            + " mean 'burst'?",
        "/a 5/minute burst=3 burst=4 | 'burst=4' is not understood there; what may follow is by"
            + " ATTRIBUTE,…, and once each algorithm=…, burst=…, on_error=… and replaces=…"
      })
  void aLineThatMakesNoSenseIsRefused(String line, String message) {
    assertThatThrownBy(() -> line(line))
        .isInstanceOf(RulesException.class)
        .hasMessage("WEIR_LIMITS_LOGIN is '" + line + "': " + message);
  }

  @Test
  void whatIsWrongBesideTheLineIsToldWhole() {
    assertThatThrownBy(() -> HttpRules.builder(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the domain of the rules is empty; it must be a name, such as api");
    String by =
        IntStream.range(0, 64).mapToObj(i -> "a" + i).collect(Collectors.joining(",", "by ", ""));
    assertThatThrownBy(() -> line("/a 5/minute " + by))
        .hasMessage(
            "WEIR_LIMITS_LOGIN is '/a 5/minute "
                + by
                + "': it is by 65 attributes, its route among them; it must be at most 64");
    assertThat(line("5/minute " + by).keys().get("login")).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s/minute by all",
        "5/%s by all",
        "/%s* 5/minute",
        "GET %s 5/minute",
        "%s",
        "5/minute by %s! x",
        "5/minute by all %s",
        "5/minute by all burst=%s",
      })
  void aLongLineIsNotRepeatedInFull(String line) {
    String text = line.formatted("x".repeat(100_000));

    assertThatThrownBy(() -> line(text))
        .isInstanceOf(RulesException.class)
        .hasMessageStartingWith("WEIR_LIMITS_LOGIN is '")
        .hasMessageContaining(" characters)")
        .extracting(failure -> String.valueOf(failure.getMessage()).length())
        .asInstanceOf(InstanceOfAssertFactories.INTEGER)
        .isLessThan(2_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "per\nuser", "per\u0000user"})
  void aNameThatNobodyCanReadIsRefused(String name) {
    assertThatThrownBy(() -> HttpRules.builder("api").limit(name, "5/minute by all"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the limit's name is '")
        .hasMessageEndingWith("'; it must be a word in one line, such as per-user")
        .hasMessageNotContaining("\n");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () -> environment(Map.of("WEIR_LIMITS_A", "x", "WEIR_LIMITS_B", "y", "C", "z")))
        .isInstanceOfSatisfying(RulesException.class, e -> assertThat(e.problems()).hasSize(2));
  }

  @Test
  void routesThatContradictEachOtherAreRefused() {
    assertThatThrownBy(
            () ->
                environment(
                    Map.of("WEIR_LIMITS_A", "/a/{x} 1/minute", "WEIR_LIMITS_B", "/a/{y} 1/minute")))
        .isInstanceOf(RulesException.class)
        .hasMessageContaining("are the same; write both in one way");
  }

  @Test
  void variablesThatAreNotThereAreRefused() {
    assertThatThrownBy(() -> HttpRules.builder("api").environment(noVariables()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("the variables are null; give those of System.getenv()");
  }

  @SuppressWarnings("NullAway") // as callers without such checks give it
  private static Map<String, String> noVariables() {
    return null;
  }
}
