package io.weir.limiter.spring;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LogLines;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.FilteredClassLoader;

/** Rules and settings: what they add up to, and what is told of those that make no sense. */
class WeirAutoConfigurationSettingsTest extends WeirAutoConfigurationKit {
  @Test
  void rulesAreThoseOfBeansFilesAndSettings(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("rules.yaml"),
            "domain: api\n"
                + "descriptors: [{key: user, rate_limit: {unit: day, requests_per_unit: 2}}]");
    plain
        .withBean(
            "a",
            DomainRules.class,
            () -> DomainRules.of("api", key("ip").limit(RuleLimit.perDay(3))))
        .withBean("b", DomainRules.class, () -> DomainRules.of("jobs", key("job").unlimited()))
        .withPropertyValues(
            "weir.rules[0]=file:" + file,
            "weir.rules[1]=domain: mail\ndescriptors: [{key: to}]",
            "weir.limits.PER_KEY=4/day by api_key")
        .run(
            context -> {
              RuleSet rules = context.getBean(RuleSet.class);
              assertThat(rules.domains())
                  .extracting(DomainRules::domain)
                  .containsExactly("api", "jobs", "mail");
              assertThat(rules.find("api").orElseThrow().descriptors())
                  .extracting(it -> it.key())
                  .containsExactly("ip", "user", "api_key");
            });
  }

  @Test
  void rulesOfOneDomainAreAddedTogetherWhicheverItIs() {
    String file =
        "domain: %s\ndescriptors: [{key: %s, rate_limit: {unit: day, requests_per_unit: 2}}]";
    plain
        .withBean(
            DomainRules.class, () -> DomainRules.of("mail", key("ip").limit(RuleLimit.perDay(3))))
        .withPropertyValues(
            "weir.rules[0]=" + file.formatted("mail", "to"),
            "weir.rules[1]=" + file.formatted("mail", "from"),
            "weir.rules[2]=" + file.formatted("api", "user"),
            "weir.rules[3]=" + file.formatted("api", "address"))
        .run(
            context -> {
              RuleSet rules = context.getBean(RuleSet.class);
              assertThat(rules.find("mail").orElseThrow().descriptors())
                  .extracting(it -> it.key())
                  .containsExactly("ip", "to", "from");
              assertThat(rules.find("api").orElseThrow().descriptors())
                  .extracting(it -> it.key())
                  .containsExactly("user", "address");
            });
  }

  @Test
  void warningsOfRulesFilesAreLoggedOnceWhateverTheirDomain() {
    String file =
        "domain: %s\ndescriptors: [{key: %s, rate_limit: {unlimited: true, replaces: [{name:"
            + " %s}]}}]";
    try (LogLines usual = LogLines.of(HttpRules.class);
        LogLines others = LogLines.of(WeirRules.class)) {
      plain
          .withPropertyValues(
              "weir.limits.default=5/minute by account",
              "weir.rules[0]=" + file.formatted("api", "user", "defualt"),
              "weir.rules[1]=" + file.formatted("api", "job", "default"),
              "weir.rules[2]=" + file.formatted("mail", "to", "any"),
              "weir.rules[3]=" + file.formatted("sms", "to", "one"),
              "weir.rules[4]=" + file.formatted("sms", "from", "two"))
          .run(context -> assertThat(context).hasNotFailed());
      assertThat(usual.messages())
          .filteredOn(line -> line.contains("replaces"))
          .satisfiesExactlyInAnyOrder(
              line -> assertThat(line).startsWith("weir.rules[0]:2: replaces names 'defualt'"),
              line -> assertThat(line).startsWith("weir.rules[3]:2: replaces names 'one'"),
              line -> assertThat(line).startsWith("weir.rules[4]:2: replaces names 'two'"));
      assertThat(others.messages())
          .filteredOn(line -> line.contains("replaces"))
          .singleElement()
          .asString()
          .startsWith("weir.rules[2]:2: replaces names 'any'");
    }
  }

  @Test
  void mistakesInSettingsAreToldAtTheStart() {
    failsWith(
        plain.withPropertyValues("weir.limits.login=5 a minute"), "weir.limits.login is '5 a");
    failsWith(plain.withPropertyValues("weir.rules=file:/no/such.yaml"), "cannot be read");
    failsWith(
        plain
            .withClassLoader(new FilteredClassLoader("io.lettuce"))
            .withPropertyValues("weir.backend=redis"),
        "weir.backend is redis, which needs io.lettuce:lettuce-core");
    failsWith(
        web.withPropertyValues("weir.limits.login=POST /login 5/minute by adress"),
        "weir.limits.login is 'POST /login 5/minute by adress': it is by [adress],"
            + " which requests do not have; they have"
            + " [address, all, method, path, route, user]; did you mean 'address'?");
    web.withPropertyValues("weir.limits.login=5/minute by account")
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void settingsOfRedisWithoutRedisAsTheBackendAreWarnedOf() {
    try (LogLines lines = LogLines.of(WeirAutoConfiguration.class)) {
      plain
          .withPropertyValues(
              "weir.redis.uri=redis://redis.internal",
              "weir.redis.cluster[0]=redis://a",
              "weir.redis.timeout=20ms",
              "weir.redis.port=tcp://10.0.0.1:6379")
          .run(context -> assertThat(context).hasSingleBean(InMemoryBackend.class));
      assertThat(lines.messages())
          .contains(
              "Settings of Redis mean nothing, as weir.backend is memory: [weir.redis.uri,"
                  + " weir.redis.cluster, weir.redis.timeout]. Each process has budgets of its own;"
                  + " set weir.backend to redis, or leave them out.");
    }
    try (LogLines lines = LogLines.of(WeirAutoConfiguration.class)) {
      plain.run(context -> assertThat(context).hasNotFailed());
      assertThat(lines.messages()).isEmpty();
    }
  }

  @Test
  void settingsAreToldWithoutTheirSecrets() {
    plain
        .withPropertyValues(
            "weir.redis.uri=redis://me:pass/word@redis.internal",
            "weir.redis.cluster=redis://other:word@redis.internal",
            "weir.filter.api-key-secret=pepper")
        .run(
            context ->
                assertThat(context.getBean(WeirProperties.class).toString())
                    .contains("***@redis.internal")
                    .doesNotContain("word", "pepper"));
  }
}
