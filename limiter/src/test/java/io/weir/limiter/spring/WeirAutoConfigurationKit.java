package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

/** Applications of each kind with all that the starter brings. */
abstract class WeirAutoConfigurationKit {
  private static final AutoConfigurations ALL =
      AutoConfigurations.of(
          WeirAutoConfiguration.class,
          WeirAnnotationAutoConfiguration.class,
          WeirRedisAutoConfiguration.class,
          WeirFilterAutoConfiguration.class,
          WeirWebFilterAutoConfiguration.class,
          WeirAdviceAutoConfiguration.class);

  final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(ALL);
  final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(ALL);
  final ReactiveWebApplicationContextRunner reactive =
      new ReactiveWebApplicationContextRunner().withConfiguration(ALL);

  static <C extends ConfigurableApplicationContext, A extends ApplicationContextAssertProvider<C>>
      void failsWith(AbstractApplicationContextRunner<?, C, A> application, String message) {
    application.run(
        context -> assertThat(context.getStartupFailure()).hasStackTraceContaining(message));
  }
}
