package io.weir.limiter.spring;

import io.weir.limiter.LimitBackend;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A service with limited methods, which counts the calls that are made. */
class Reports {
  record Account(@Nullable String id) {}

  /** An annotation of one's own. */
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @RateLimited(rule = "per-account", key = "#account.id")
  @interface LimitedByAccount {}

  private final AtomicInteger calls = new AtomicInteger();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> pending = new CompletableFuture<>();

  /** An application with these methods and their limits. */
  static ApplicationContextRunner application(LimitBackend backend) {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                WeirAutoConfiguration.class, WeirAnnotationAutoConfiguration.class))
        .withBean(LimitBackend.class, () -> backend)
        .withBean("reports", Reports.class)
        .withPropertyValues(
            "weir.limits.per-account=3/minute by account",
            "weir.limits.for-all=/** 4/minute",
            "weir.limits.in-turn=/turn 1/minute algorithm=leaky_bucket burst=10",
            "weir.max-wait=1h");
  }

  /** Methods, as a proxy has no fields of its target. */
  int calls() {
    return calls.get();
  }

  List<Thread> threads() {
    return threads;
  }

  public int pages() {
    return 2;
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public int render(Account account) {
    return calls.incrementAndGet();
  }

  @LimitedByAccount
  public int renderByMeta(Account account) {
    return calls.incrementAndGet();
  }

  @RateLimited(rule = "per-account", key = "#account.id", cost = "#pages * @reports.pages()")
  public int renderPages(Account account, int pages) {
    return calls.incrementAndGet();
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  @RateLimited(rule = "for-all")
  public int renderForAll(Account account) {
    return calls.incrementAndGet();
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public CompletionStage<Integer> renderLater(Account account) {
    threads.add(Thread.currentThread());
    return CompletableFuture.completedFuture(calls.incrementAndGet());
  }

  /** What {@link #renderSlowly} returns. */
  CompletableFuture<Integer> pending() {
    return pending;
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public CompletableFuture<Integer> renderSlowly(Account account) {
    calls.incrementAndGet();
    return pending;
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public CompletableFuture<Integer> failLater(Account account) {
    throw new IllegalArgumentException("not even begun");
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public Mono<Integer> renderMono(Account account) {
    threads.add(Thread.currentThread());
    return Mono.fromSupplier(calls::incrementAndGet);
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public Flux<Integer> renderFlux(Account account) {
    calls.incrementAndGet();
    return Flux.fromStream(IntStream.range(0, 3).boxed());
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public Mono<Integer> renderNever(Account account) {
    calls.incrementAndGet();
    return Mono.never();
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public @Nullable Mono<Integer> nullMono(Account account) {
    return null;
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public @Nullable CompletionStage<Integer> nullLater(Account account) {
    return null;
  }

  @RateLimited(rule = "per-account", key = "#account.id")
  public Mono<Integer> failMono(Account account) {
    throw new IllegalArgumentException("not even begun");
  }

  @RateLimited(rule = "in-turn")
  public int renderInTurn() {
    return calls.incrementAndGet();
  }

  @RateLimited(rule = "in-turn")
  public int renderInTurnOrInterrupted() throws InterruptedException {
    return calls.incrementAndGet();
  }

  @RateLimited(rule = "in-turn")
  public CompletableFuture<Integer> renderInTurnLater() {
    return CompletableFuture.completedFuture(calls.incrementAndGet());
  }

  @RateLimited(rule = "in-turn")
  public Mono<Integer> renderInTurnMono() {
    return Mono.fromSupplier(calls::incrementAndGet);
  }

  @RateLimited(rule = "per-account", key = "#account.id", cost = "#account.id.length() - 6")
  public int renderForLess(Account account) {
    return calls.incrementAndGet();
  }

  @RateLimited(rule = "per-account", key = "#account.id", cost = "#account.id.length() - 3.5")
  public int renderForAHalf(Account account) {
    return calls.incrementAndGet();
  }

  @RateLimited(
      rule = "per-account",
      key = "#account.id",
      cost = "#account.id.replace('alice', 'many')")
  public int renderForMany(Account account) {
    return calls.incrementAndGet();
  }

  @RateLimited(rule = "per-account", key = "@reports.idOf(#account)")
  public int renderByBean(Account account) {
    return calls.incrementAndGet();
  }

  public String idOf(Account account) {
    throw new IllegalStateException("no directory");
  }

  @RateLimited(rule = "per-account", key = "#account.idd")
  public int renderByAny(Object account) {
    return calls.incrementAndGet();
  }

  @RateLimited(rule = "per-account", key = "#account.id", cost = "#account.pages")
  public int renderForAny(Object account) {
    return calls.incrementAndGet();
  }

  public int free() {
    return calls.incrementAndGet();
  }

  /** Limited as a class, but for one method. */
  @RateLimited(rule = "for-all")
  static class Limited {
    public int one() {
      return 1;
    }

    public int two() {
      return 2;
    }

    @RateLimited(rule = "per-account", key = "#name")
    public int three(String name) {
      return 3;
    }

    int notPublic() {
      return 4;
    }
  }

  /** Limited by its interface. */
  interface Api {
    @RateLimited(rule = "for-all")
    int call();
  }

  static class ApiImplementation implements Api {
    @Override
    public int call() {
      return 1;
    }
  }
}
