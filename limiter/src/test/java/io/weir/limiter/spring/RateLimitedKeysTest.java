package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.RateLimitExceededException;
import java.nio.CharBuffer;
import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What may be a key, and what is none, as nobody could be told by it. */
class RateLimitedKeysTest {
  static class Nameless {}

  static final class FinalNameless {}

  static class Named {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Around(String id, @Nullable Object content) {}

  static class Calls {
    @RateLimited(rule = "per-account", key = "#who")
    public int call(Object who) {
      return 1;
    }
  }

  private void run(Consumer<Calls> check) {
    Reports.application(InMemoryBackend.builder().build())
        .withBean(Calls.class)
        .run(context -> check.accept(context.getBean(Calls.class)));
  }

  static List<Object> namedObjects() {
    return Arrays.asList(
        "bob@1a2b3c",
        CharBuffer.wrap("alice"),
        42,
        4.2,
        'c',
        true,
        DayOfWeek.MONDAY,
        UUID.fromString("00000000-0000-0000-0000-000000000001"),
        new Named("alice@home"),
        new Around("alice@home", null),
        new Around("alice", new Around("x", new Named("alice@home"))),
        Optional.of("alice"));
  }

  @ParameterizedTest
  @MethodSource("namedObjects")
  void whatHasATextOfItsOwnIsAKey(Object who) {
    run(
        calls -> {
          for (int i = 0; i < 3; i++) {
            assertThat(calls.call(who)).isEqualTo(1);
          }
          assertThatThrownBy(() -> calls.call(who)).isInstanceOf(RateLimitExceededException.class);
        });
  }

  @Test
  void whatIsInAnOptionalIsTheKey() {
    run(
        calls -> {
          for (Object who : List.of("alice", Optional.of("alice"), "alice")) {
            assertThat(calls.call(who)).isEqualTo(1);
          }
          assertThatThrownBy(() -> calls.call("alice"))
              .hasMessageContaining("account=alice is over its limit");
          assertThatThrownBy(() -> calls.call(Optional.empty()))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageEndingWith("Calls.call is null; it must say who calls");
          assertThatThrownBy(() -> calls.call(OptionalLong.empty()))
              .hasMessageEndingWith("Calls.call is null; it must say who calls");
          assertThat(calls.call(OptionalLong.of(7))).isEqualTo(1);
          assertThat(calls.call(Optional.of(OptionalInt.of(7)))).isEqualTo(1);
          assertThat(calls.call(7)).isEqualTo(1);
          assertThatThrownBy(() -> calls.call("7")).hasMessageContaining("account=7 is over");
        });
  }

  @Test
  void anObjectWhoseTextIsOfItAloneIsNone() {
    run(
        calls -> {
          assertThatRefuses(calls, new Nameless())
              .isInstanceOf(IllegalStateException.class)
              .hasMessage(
                  "the key '#who' of @RateLimited(rule = \"per-account\") of Calls.call is a"
                      + " Nameless, whose text is of this one object, or of its hash (it has no"
                      + " toString of its own), so that calls of one caller would have several"
                      + " budgets, or those of several one; it must be what tells callers apart,"
                      + " such as its id");
          assertThatRefuses(calls, new Around("alice", new Nameless()))
              .hasMessageContaining("is a Around, whose text is of this one object");
          assertThatRefuses(calls, new Around("alice", new Around("bob", new int[0])))
              .hasMessageContaining("is a Around, whose text is of this one object");
          assertThatRefuses(calls, (Runnable) () -> {})
              .hasMessageContaining("whose text is of this one object");
          assertThatRefuses(calls, new CompletableFuture<String>())
              .hasMessageContaining("whose text is of this one object");
        });
  }

  @Test
  void severalValuesAreNone() {
    run(
        calls -> {
          assertThatRefuses(calls, new String[] {"alice"})
              .hasMessageEndingWith(
                  "of Calls.call is a String[], which may hold several values; it must be one, such"
                      + " as an id, and several attributes have a key each");
          assertThatRefuses(calls, List.of("alice")).hasMessageContaining("several values");
          assertThatRefuses(calls, Map.of("alice", 1)).hasMessageContaining("several values");
        });
  }

  private static AbstractThrowableAssert<?, ?> assertThatRefuses(Calls calls, Object who) {
    return assertThatThrownBy(() -> calls.call(who));
  }

  static class OfFinal {
    @RateLimited(rule = "per-account", key = "#who")
    public int call(FinalNameless who) {
      return 1;
    }
  }

  static class OfList {
    @RateLimited(rule = "per-account", key = "#who.ids")
    public int call(Ids who) {
      return 1;
    }
  }

  record Ids(List<String> ids) {}

  static class WithEmptyKey {
    @RateLimited(rule = "per-account", key = "")
    public int call() {
      return 1;
    }
  }

  static class WithEmptyCost {
    @RateLimited(rule = "for-all", cost = " ")
    public int call() {
      return 1;
    }
  }

  static class WithBrokenKey {
    @RateLimited(rule = "per-account", key = "#id + ")
    public int call(String id) {
      return 1;
    }
  }

  static class WithNegativeCost {
    @RateLimited(rule = "for-all", cost = "-1")
    public int call() {
      return 1;
    }
  }

  static class WithTextAsCost {
    @RateLimited(rule = "for-all", cost = "'many'")
    public int call() {
      return 1;
    }
  }

  static class WithoutSum {
    @RateLimited(rule = "for-all", cost = "1 / 0")
    public int call() {
      return 1;
    }
  }

  static class WithEmptyText {
    @RateLimited(rule = "per-account", key = "''")
    public int call() {
      return 1;
    }
  }

  @Test
  void whatCanNeverBeAKeyOrACostIsFoundAtTheStart() {
    failsToStart(
        OfFinal.class, "OfFinal.call is a FinalNameless, whose text is of this one object");
    failsToStart(OfList.class, "'#who.ids' of", "OfList.call is a List, which may hold several");
    failsToStart(
        WithEmptyKey.class,
        "the key '' of @RateLimited on",
        "WithEmptyKey.call() is empty; it must be an expression, such as #id");
    failsToStart(
        WithEmptyCost.class,
        "the cost ' ' of @RateLimited on",
        "WithEmptyCost.call() is empty; it must be an expression, such as #pages, or left out,"
            + " which is 1");
    failsToStart(WithBrokenKey.class, "WithBrokenKey.call(java.lang.String) is no expression: ");
    failsToStart(
        WithNegativeCost.class,
        "WithNegativeCost.call is -1; it must be a whole number, 0 or more");
    failsToStart(
        WithTextAsCost.class, "WithTextAsCost.call is many; it must be a whole number, 0 or more");
    failsToStart(WithoutSum.class, "the cost '1 / 0' of", "cannot be worked out: ");
    failsToStart(WithEmptyText.class, "WithEmptyText.call is empty; it must say who calls");
  }

  private static void failsToStart(Class<?> bean, String... words) {
    Reports.application(InMemoryBackend.builder().build())
        .withBean(bean)
        .run(
            context -> {
              FailureAnalysis analysis =
                  Objects.requireNonNull(
                      new WeirFailureAnalyzer()
                          .analyze(Objects.requireNonNull(context.getStartupFailure())));
              assertThat(analysis.getDescription()).contains(words);
              assertThat(analysis.getAction())
                  .isEqualTo("Correct the annotation, or the limit that it names.");
            });
  }
}
