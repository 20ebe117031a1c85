package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.tck.FakeClock;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Where in the hierarchy of a bean's class an annotation may be. */
class RateLimitedInheritanceTest {
  private final FakeClock clock = new FakeClock(1_767_225_600_000L);
  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  WeirAutoConfiguration.class, WeirAnnotationAutoConfiguration.class))
          .withBean(LimitBackend.class, () -> InMemoryBackend.builder().clock(clock).build())
          .withPropertyValues(
              "weir.limits.one=/one 1/minute",
              "weir.limits.two=/two 2/minute",
              "weir.limits.three=/three 3/minute");

  interface Shop {
    void buy();
  }

  interface LimitedShop {
    @RateLimited(rule = "two")
    void buy();
  }

  @RateLimited(rule = "two")
  interface LimitedInterface {
    void buy();
  }

  static class OfInterfaceMethod implements LimitedShop {
    @Override
    public void buy() {}
  }

  static class OfInterface implements LimitedInterface {
    @Override
    public void buy() {}
  }

  static class LimitedParent implements Shop {
    @Override
    @RateLimited(rule = "two")
    public void buy() {}
  }

  static class Inheriting extends LimitedParent {}

  static class Overriding extends LimitedParent {
    @Override
    public void buy() {}
  }

  @RateLimited(rule = "two")
  static class LimitedClass implements Shop {
    @Override
    public void buy() {}
  }

  static class OfLimitedClass extends LimitedClass {
    @Override
    public void buy() {}
  }

  @RateLimited(rule = "one")
  static class MethodAndClass implements Shop {
    @Override
    @RateLimited(rule = "two")
    public void buy() {}
  }

  @RateLimited(rule = "one")
  static class InterfaceMethodAndClass implements LimitedShop {
    @Override
    public void buy() {}
  }

  static class InterfaceAndMethod implements LimitedShop {
    @Override
    @RateLimited(rule = "three")
    public void buy() {}
  }

  static class InterfaceAndSameMethod implements LimitedShop {
    @Override
    @RateLimited(rule = "two")
    public void buy() {}
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnnotationHoldsWhereverItIsInTheHierarchy(boolean byClass) {
    admitsTwo(byClass, OfInterfaceMethod.class, LimitedShop.class, LimitedShop::buy);
    admitsTwo(byClass, OfInterface.class, LimitedInterface.class, LimitedInterface::buy);
    admitsTwo(byClass, LimitedParent.class, Shop.class, Shop::buy);
    admitsTwo(byClass, Inheriting.class, Shop.class, Shop::buy);
    admitsTwo(byClass, Overriding.class, Shop.class, Shop::buy);
    admitsTwo(byClass, LimitedClass.class, Shop.class, Shop::buy);
    admitsTwo(byClass, OfLimitedClass.class, Shop.class, Shop::buy);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnnotationOfAMethodStandsInsteadOfThatOfTheClass(boolean byClass) {
    admitsTwo(byClass, MethodAndClass.class, Shop.class, Shop::buy);
    admitsTwo(byClass, InterfaceMethodAndClass.class, LimitedShop.class, LimitedShop::buy);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void annotationsOfAMethodAndOfWhatItOverridesHoldBothAndTheSameOnce(boolean byClass) {
    admitsTwo(byClass, InterfaceAndMethod.class, LimitedShop.class, LimitedShop::buy);
    admitsTwo(byClass, InterfaceAndSameMethod.class, LimitedShop.class, LimitedShop::buy);
  }

  private <T> void admitsTwo(
      boolean byClass, Class<? extends T> type, Class<T> seenAs, Consumer<T> call) {
    application
        .withPropertyValues("spring.aop.proxy-target-class=" + byClass)
        .withBean(type)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              T bean = context.getBean(seenAs);
              assertThat(AopUtils.isCglibProxy(bean)).as(type + " by class").isEqualTo(byClass);
              call.accept(bean);
              call.accept(bean);
              assertThatThrownBy(() -> call.accept(bean))
                  .as(type.toString())
                  .isInstanceOf(RateLimitExceededException.class)
                  .hasMessageContaining("two");
            });
  }
}
