package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.spring.RateLimitedMistakesTest.Misspelt;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

class WeirFailureAnalyzerTest {
  private final WebApplicationContextRunner application =
      new WebApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  WeirAutoConfiguration.class,
                  WeirAnnotationAutoConfiguration.class,
                  WeirFilterAutoConfiguration.class));

  @Test
  void limitsThatMakeNoSenseAreToldWithEveryProblem() {
    failsWith(
        application.withPropertyValues("weir.limits.x=5/minuet by all", "weir.limits.y=often"),
        "weir.limits.x is '5/minuet by all'",
        "Correct weir.limits, the variables");
    failsWith(
        application.withPropertyValues("weir.limits.x=5/minuet by all", "weir.limits.y=often"),
        "weir.limits.y is 'often'",
        "weir.rules");
    failsWith(
        application.withPropertyValues("weir.rules=file:/no/such.yaml"),
        "weir.rules: file:/no/such.yaml cannot be read",
        "weir.rules");
  }

  @Test
  void aLineWithoutTheNameOfALimitIsToldAloneToo() {
    failsWith(
        application.withPropertyValues("weir.limits=1/minute by address"),
        "weir.limits is '1/minute by address': it names no limit; it must be like"
            + " weir.limits.login",
        "Correct weir.limits.");
    failsWith(
        application.withInitializer(
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(
                        new SystemEnvironmentPropertySource(
                            "systemEnvironment", Map.of("WEIR_LIMITS", "1/minute by address")))),
        "WEIR_LIMITS is '1/minute by address': it names no limit; it must be like"
            + " WEIR_LIMITS_LOGIN",
        "Correct WEIR_LIMITS.");
  }

  @Test
  void settingsOfTheFilterAreNamed() {
    failsWith(
        application.withPropertyValues("weir.filter.trusted-proxies=10.0.0.0/99"),
        "weir.filter.trusted-proxies: '10.0.0.0/99' has the prefix 99; it must be from 0 to 32",
        "Correct the setting weir.filter.trusted-proxies.");
    failsWith(
        application.withPropertyValues("weir.filter.ipv6-prefix=300"),
        "weir.filter.ipv6-prefix: the prefix of IPv6 addresses has 300 bits",
        "Correct the setting weir.filter.ipv6-prefix.");
    failsWith(
        application.withPropertyValues("weir.max-wait=-5s"),
        "weir.max-wait: maxWait is -5 s; it must be from 0 to an hour",
        "Correct the setting weir.max-wait.");
    failsWith(
        application.withPropertyValues("weir.filter.enabled=false", "weir.max-wait=-1s"),
        "weir.max-wait: maxWait is -1 s; it must be 0 or more",
        "Correct the setting weir.max-wait.");
    failsWith(
        application.withPropertyValues("weir.annotations.max-waiting=-1"),
        "weir.annotations.max-waiting: maxWaiting is -1; it must be 0 or more",
        "Correct the setting weir.annotations.max-waiting.");
    failsWith(
        application.withPropertyValues("weir.filter.skip=health"),
        "weir.filter.skip: the route 'health' has no path",
        "Correct the setting weir.filter.skip.");
    failsWith(
        application.withPropertyValues("weir.filter.max-waiting=-1"),
        "weir.filter.max-waiting: ",
        "Correct the setting weir.filter.max-waiting.");
    failsWith(
        application.withPropertyValues("weir.filter.url-patterns=login"),
        "weir.filter.url-patterns: it has 'login'; it must be a path such as /login, one with all"
            + " below it such as /api/*, or an ending such as *.html",
        "Correct the setting weir.filter.url-patterns.");
    failsWith(
        application.withPropertyValues("weir.filter.url-patterns=/api/**"),
        "weir.filter.url-patterns: it has '/api/**'",
        "Correct the setting weir.filter.url-patterns.");
    failsWith(
        application.withPropertyValues("weir.filter.attributes.all=X-All"),
        "weir.filter.attributes.all: the attribute 'all' is the same of all requests",
        "Correct the setting weir.filter.attributes.all.");
    failsWith(
        application.withPropertyValues("weir.filter.attributes.tenant="),
        "weir.filter.attributes.tenant: the header's name is empty",
        "Correct the setting weir.filter.attributes.tenant.");
    failsWith(
        application.withPropertyValues(
            "weir.filter.api-key-header=X API Key", "weir.limits.a=3/minute by api_key"),
        "weir.filter.api-key-header: the header's name is 'X API Key', which no request can have",
        "Correct the setting weir.filter.api-key-header.");
    failsWith(
        application.withPropertyValues("weir.memory.max-rows=0"),
        "weir.memory.max-rows: maxRows is 0; it must be 1 or more",
        "Correct the setting weir.memory.max-rows.");
    failsWith(
        application.withPropertyValues("weir.domain=", "weir.limits.a=3/minute by user"),
        "weir.domain: the domain of the rules is empty; it must be a name, such as api",
        "Correct the setting weir.domain.");
    failsWith(
        application.withPropertyValues("weir.limits.login=POST /login 5/minute by adress"),
        "weir.limits.login is 'POST /login 5/minute by adress': it is by [adress], which requests do not have",
        "Correct weir.limits.login.");
  }

  @Test
  void aVariableOfTheFilterIsNamedAsItIs() {
    failsWith(
        application.withInitializer(
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(
                        new SystemEnvironmentPropertySource(
                            "systemEnvironment",
                            Map.of("WEIR_LIMITS_LOGIN", "POST /login 5/minute by adress")))),
        "WEIR_LIMITS_LOGIN is 'POST /login 5/minute by adress': it is by [adress], which requests"
            + " do not have",
        "Correct WEIR_LIMITS_LOGIN.");
  }

  @Test
  void anAddressThatIsNoneOfRedisIsToldWithoutItsPassword() {
    FailureAnalysis analysis =
        failsWith(
            application.withPropertyValues(
                "weir.backend=redis", "weir.redis.uri=redis//me:secret@127.0.0.1"),
            "weir.redis.uri: '***@127.0.0.1' is no address of Redis; it must be like redis://host",
            "weir.redis.uri");
    assertThat(analysis.getCause()).message().doesNotContain("secret");
    failsWith(
        application.withPropertyValues("weir.backend=redis", "weir.redis.cluster=localhost:6379"),
        "weir.redis.cluster: 'localhost:6379' is no address of Redis",
        "weir.redis.cluster");
    failsWith(
        application.withPropertyValues("weir.backend=redis", "weir.redis.timeout=0s"),
        "weir.redis.timeout: the timeout is 0 ms; it must be from 1 ms to an hour",
        "Correct the setting weir.redis.timeout.");
    failsWith(
        application.withPropertyValues("weir.backend=redis", "weir.redis.key-prefix={"),
        "weir.redis.key-prefix: ",
        "Correct the setting weir.redis.key-prefix.");
    failsWith(
        application.withPropertyValues("weir.backend=redis", "weir.redis.local-share=2"),
        "weir.redis.local-share: ",
        "Correct the setting weir.redis.local-share.");
    failsWith(
        application.withPropertyValues("weir.backend=redis", "weir.redis.max-waiting=0"),
        "weir.redis.max-waiting: ",
        "Correct the setting weir.redis.max-waiting.");
  }

  @Test
  void annotationsThatMakeNoSenseAreTold() {
    failsWith(
        application.withBean(Misspelt.class),
        "@RateLimited(rule = \"per-acount\") of Misspelt.call: there is no limit 'per-acount'",
        "Correct the annotation");
    failsWith(
        application.withBean(RateLimitedMistakesTest.Unproxyable.class),
        "limits nothing: a proxy does not see calls",
        "Correct the annotation");
  }

  @Test
  void whatIsNoneOfOursIsLeftToOthers() {
    assertThat(new WeirFailureAnalyzer().analyze(new IllegalStateException("other"))).isNull();
  }

  private static FailureAnalysis failsWith(
      WebApplicationContextRunner application, String description, String action) {
    FailureAnalysis[] analysis = new FailureAnalysis[1];
    application.run(
        context -> analysis[0] = analyze(Objects.requireNonNull(context.getStartupFailure())));
    assertThat(analysis[0].getDescription()).contains(description);
    assertThat(analysis[0].getAction()).contains(action);
    return analysis[0];
  }

  /** As Spring Boot does it: the first one that knows, of those whose libraries are there. */
  private static FailureAnalysis analyze(Throwable failure) {
    ArgumentResolver arguments =
        ArgumentResolver.of(BeanFactory.class, new DefaultListableBeanFactory())
            .and(Environment.class, new StandardEnvironment());
    return SpringFactoriesLoader.forDefaultResourceLocation()
        .load(FailureAnalyzer.class, arguments, (type, name, missing) -> {})
        .stream()
        .map(analyzer -> analyzer.analyze(failure))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }
}
