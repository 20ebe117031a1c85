package io.weir.limiter.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits calls of a method of a Spring bean by a rule, or of all public methods of its class; an
 * annotation of the method takes the place of those of the class. May be repeated, and may be on an
 * annotation of your own.
 *
 * <pre>{@code
 * @RateLimited(rule = "reports", key = "#account.id", cost = "#pages")
 * Report render(Account account, int pages) { … }
 * }</pre>
 *
 * <p>A call that is denied is not made: {@link io.weir.limiter.RateLimitExceededException} is
 * thrown. A method that returns a {@code CompletionStage} gives one that failed with it instead;
 * the publisher that a reactive method returns asks for each subscription, which then calls the
 * method. Who cancels either before the method is called has the tokens back. Where a leaky bucket
 * gave the call a turn, it waits for it.
 *
 * <p>Of several annotations all must allow the call. They are asked one after the other, and where
 * a later one denies it, the tokens of the earlier ones are given back.
 *
 * <p>A type that extends {@code CompletableFuture}, or one of publishers, cannot be made of an
 * answer that comes later: a method that returns one is an error at the start.
 *
 * <p>As always with proxies, a call that an object makes of itself is not limited. On a private,
 * static or final method the annotation is an error at the start; final methods of an annotated
 * class are not limited. Limits are outside {@code @Transactional} and {@code @Cacheable}: a call
 * that is denied begins no transaction, and one that a cache answers takes its tokens.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Repeatable(RateLimited.All.class)
public @interface RateLimited {
  /**
   * The name of the limit that judges, and no other one does: {@code weir.limits.reports}, a {@code
   * name} in a rules file, or the path of a rule that has none.
   */
  String rule();

  /**
   * Who calls: expressions of Spring (SpEL), one for each attribute that the rule is by, in the
   * order in which it has them. They see the parameters, {@code #root.target}, {@code #root.method}
   * and beans ({@code @bean}). None of them may be null or empty, several values (an array, a
   * collection or a map), or an object without a {@code toString} of its own, which would name
   * nobody; of an {@code Optional} it is what is in it. None is needed where all share one budget.
   *
   * <p>Parameters have their names, {@code #account}, where the class was compiled with {@code
   * -parameters}, as Spring Boot's Maven parent and Gradle plugin do; else a name is an error at
   * the start. {@code #p0}, or {@code #a0}, is the first parameter in any case.
   */
  String[] key() default {};

  /**
   * The tokens that a call takes: a number, or an expression that gives one, which sees what those
   * of {@link #key} do; 0 or more.
   */
  String cost() default "1";

  /** The domain of the rule; {@code weir.domain} by default. */
  String domain() default "";

  /** What the compiler makes of several. */
  @Target({ElementType.METHOD, ElementType.TYPE})
  @Retention(RetentionPolicy.RUNTIME)
  @Inherited
  @Documented
  @interface All {
    /** All of them. */
    RateLimited[] value();
  }
}
