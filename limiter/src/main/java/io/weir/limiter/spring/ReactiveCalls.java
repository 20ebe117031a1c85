package io.weir.limiter.spring;

import io.weir.limiter.http.RateLimitHeaders;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Makes calls of methods that return a publisher: each subscription is a call. Thread-safe. */
final class ReactiveCalls {
  /** A call of the method itself. */
  @FunctionalInterface
  interface Call {
    Object make() throws Throwable;
  }

  private final ReactiveAdapterRegistry adapters = ReactiveAdapterRegistry.getSharedInstance();
  private final Function<ContextView, Optional<RateLimitHeaders.Answer>> answers;

  /** Calls that are for no request. */
  ReactiveCalls() {
    this(context -> Optional.empty());
  }

  /**
   * Calls.
   *
   * @param answers the answer to the request that a subscription is for, if it is for one
   */
  ReactiveCalls(Function<ContextView, Optional<RateLimitHeaders.Answer>> answers) {
    this.answers = answers;
  }

  /** Whether it is a type of publishers. */
  boolean isReactive(Class<?> type) {
    return adapters.getAdapter(type) != null;
  }

  /** The type of publishers that a method gets which returns this one; the same, or above it. */
  Class<?> made(Class<?> type) {
    return Objects.requireNonNull(adapters.getAdapter(type)).getReactiveType();
  }

  /**
   * A publisher of that type that asks, and then calls, for each subscription. Who cancels before
   * the call is made has the tokens back.
   */
  Object call(Class<?> type, Supplier<CompletableFuture<Permits.Permit>> allowed, Call call) {
    ReactiveAdapter adapter = Objects.requireNonNull(adapters.getAdapter(type));
    return adapter.fromPublisher(
        adapter.isMultiValue()
            ? Flux.deferContextual(
                context -> {
                  OneCall one = new OneCall(adapter, context, allowed.get());
                  return one.permit()
                      .flatMapMany(permit -> one.made(permit, call))
                      .doFinally(signal -> one.claim.giveUp());
                })
            : Mono.deferContextual(
                context -> {
                  OneCall one = new OneCall(adapter, context, allowed.get());
                  return one.permit()
                      .flatMap(permit -> Mono.from(one.made(permit, call)))
                      .doFinally(signal -> one.claim.giveUp());
                }));
  }

  /** The call of one subscriber. */
  private final class OneCall {
    private final ReactiveAdapter adapter;
    private final ContextView context;
    private final Claim<Permits.Permit> claim;

    OneCall(
        ReactiveAdapter adapter, ContextView context, CompletableFuture<Permits.Permit> permit) {
      this.adapter = adapter;
      this.context = context;
      this.claim = new Claim<>(permit, Permits.Permit::giveBack);
    }

    Mono<Permits.Permit> permit() {
      return Futures.mono(claim.taken());
    }

    Publisher<Object> made(Permits.Permit permit, Call call) {
      if (!claim.begin()) {
        return Mono.empty();
      }
      answers.apply(context).ifPresent(permit::tell);
      try {
        return adapter.toPublisher(call.make());
      } catch (Throwable e) {
        return Mono.error(e);
      }
    }
  }
}
