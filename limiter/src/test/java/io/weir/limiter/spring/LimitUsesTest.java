package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.LogLines;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

class LimitUsesTest {
  private final WebApplicationContextRunner application =
      new WebApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  WeirAutoConfiguration.class,
                  WeirAnnotationAutoConfiguration.class,
                  WeirFilterAutoConfiguration.class))
          .withBean(Orders.class);

  static class Orders {
    @RateLimited(rule = "orders", key = "#account")
    public int order(String account) {
      return 1;
    }
  }

  private List<String> warnings(String... settings) {
    return lines(settings).stream()
        .filter(line -> line.getLevel().equals(Level.WARNING))
        .map(LogRecord::getMessage)
        .toList();
  }

  private List<LogRecord> lines(String... settings) {
    try (LogLines lines = LogLines.of(LimitUses.class);
        LogLines none = LogLines.of(FilterSetup.class)) {
      application.withPropertyValues(settings).run(context -> assertThat(context).hasNotFailed());
      assertThat(none.messages()).isEmpty();
      return List.copyOf(lines.records());
    }
  }

  @Test
  void aLimitThatIsForMethodsAloneMakesNoLine() {
    assertThat(lines("weir.limits.orders=5/minute by account")).isEmpty();
    assertThat(
            lines("weir.limits.orders=5/minute by account", "weir.limits.all=9/minute by address"))
        .isEmpty();
  }

  @Test
  void aLimitThatNobodyAsksAboutIsWarnedOf() {
    assertThat(
            warnings(
                "weir.limits.orders=5/minute by account", "weir.limits.default=9/minute by adress"))
        .singleElement()
        .asString()
        .startsWith(
            "weir.limits.default is '9/minute by adress': it is by [adress], which requests do not"
                + " have")
        .contains("did you mean 'address'? No @RateLimited names it either");
  }

  @Test
  void aLimitThatOnlyCodeCanAskAboutIsToldOfAndNotWarnedOf() {
    assertThat(
            lines(
                "weir.limits.orders=5/minute by account",
                "weir.limits.jobs=9/minute by tenant,job"))
        .singleElement()
        .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.INFO))
        .extracting(LogRecord::getMessage)
        .asString()
        .startsWith(
            "weir.limits.jobs is '9/minute by tenant,job': it is by [tenant, job], which requests"
                + " do not have")
        .endsWith(". No @RateLimited names it either: it limits nothing but what code asks.");
  }

  @Test
  void aLimitThatIsChargedTwiceIsWarnedOf() {
    assertThat(warnings("weir.limits.orders=5/minute by user"))
        .singleElement()
        .asString()
        .contains(
            "weir.limits.orders is charged by the filter and by @RateLimited(rule = \"orders\") of"
                + " Orders.order",
            "charged twice");
  }
}
