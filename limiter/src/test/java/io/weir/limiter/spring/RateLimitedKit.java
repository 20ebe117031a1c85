package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.spring.Reports.Account;
import io.weir.limiter.tck.FakeClock;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An application with limited methods, above a backend that answers later if told to. */
abstract class RateLimitedKit {
  static final Account ALICE = new Account("alice");
  static final Account BOB = new Account("bob");

  final SlowBackend backend = new SlowBackend(new FakeClock(1_767_225_600_000L));
  final ApplicationContextRunner application = Reports.application(backend);

  interface Check {
    void check(Reports reports) throws Exception;
  }

  final void run(Check check) {
    run(application, check);
  }

  static void run(ApplicationContextRunner application, Check check) {
    application.run(
        context -> {
          assertThat(context).hasNotFailed();
          // What a bean calls on itself is not limited: these are the proxy's.
          check.check(context.getBean(Reports.class));
        });
  }
}
