package io.weir.limiter.spring;

import io.weir.limiter.AsyncGuard;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import io.weir.limiter.http.filter.Outcome;
import io.weir.limiter.http.filter.Outcome.Decided;
import io.weir.limiter.http.filter.Outcome.Failed;
import io.weir.limiter.http.filter.RequestLimits;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Asks a limiter about each HTTP request before a Spring WebFlux application sees it, by the rules
 * of {@link io.weir.limiter.http.servlet.RateLimitFilter}, and answers as that does. Thread-safe.
 *
 * <p><b>Threads.</b> None is held, neither by a limiter that asks a server nor by a turn. A request
 * that had to wait goes on on a thread of {@code Schedulers.parallel()}.
 *
 * <p><b>Turns.</b> A request that is cancelled before it goes on, as the client is gone, gives back
 * what it took: its place in the queue, and its tokens.
 *
 * <p><b>Paths.</b> WebFlux finds handlers by the segments of the URI, each decoded for itself, and
 * so does this filter: {@code %2F} is part of a name. A segment {@code .} or {@code ..} in any
 * spelling is answered with 400.
 */
public final class RateLimitWebFilter implements WebFilter, Ordered {
  private final String text;
  private final RequestLimits limits;
  private final AsyncGuard guard;
  private final WebDenialHandler handler;
  private final boolean asksForUsers;
  private final int order;

  RateLimitWebFilter(RateLimitWebFilterBuilder from, RequestLimits limits) {
    this.text = "RateLimitWebFilter[" + from.text() + "]";
    this.limits = limits;
    this.guard = limits.inTurn(from.guard);
    this.handler = from.handler;
    this.asksForUsers = from.isUsual("user");
    this.order = from.order;
  }

  /** A builder with the defaults. */
  public static RateLimitWebFilterBuilder builder(AsyncRateLimiter limiter) {
    return new RateLimitWebFilterBuilder(limiter);
  }

  /** The number of requests that could not be checked as the limiter failed. */
  public long failures() {
    return limits.failures();
  }

  /** How often an extractor, the cost or the test to skip threw, or the cost was negative. */
  public long unread() {
    return limits.unread();
  }

  @Override
  public int getOrder() {
    return order;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (exchange.getAttributes().containsKey(limits.attribute())) {
      return chain.filter(exchange);
    }
    return user(exchange)
        .flatMap(user -> begin(new ExchangeRequest(exchange, user), exchange, chain));
  }

  /** Who is authenticated is not there to be read, but comes. */
  private Mono<Supplier<Optional<String>>> user(ServerWebExchange exchange) {
    Supplier<Optional<String>> nobody = Optional::empty;
    if (!asksForUsers) {
      return Mono.just(nobody);
    }
    return exchange
        .getPrincipal()
        .<Supplier<Optional<String>>>map(RateLimitWebFilter::named)
        .defaultIfEmpty(nobody)
        .onErrorResume(RuntimeException.class, failure -> Mono.just(unknown(failure)));
  }

  private static Supplier<Optional<String>> named(Principal principal) {
    return () -> Optional.ofNullable(principal.getName());
  }

  private static Supplier<Optional<String>> unknown(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  private Mono<Void> begin(
      ExchangeRequest request, ServerWebExchange exchange, WebFilterChain chain) {
    RequestLimits.Step step = limits.begin(request, new ExchangeAnswer(exchange));
    if (step instanceof RequestLimits.Step.Refuse refused) {
      return handler.handle(exchange, refused.denial());
    }
    if (step instanceof RequestLimits.Step.Ask ask) {
      exchange.getAttributes().put(limits.attribute(), true);
      return Mono.defer(() -> ask(ask.question(), exchange, chain));
    }
    return chain.filter(exchange);
  }

  private Mono<Void> ask(Request question, ServerWebExchange exchange, WebFilterChain chain) {
    Claim<Decision> claim =
        new Claim<>(limits.ask(guard, question), decision -> guard.giveBack(question, decision));
    return Futures.mono(claim.taken())
        .<Outcome>map(decision -> new Decided(question, decision))
        .onErrorResume(failure -> Mono.just(new Failed(failure)))
        .flatMap(outcome -> claim.begin() ? act(outcome, exchange, chain) : Mono.empty())
        .doFinally(
            signal -> {
              if (claim.giveUp()) {
                // Who asks once more for the same request is to be asked about.
                exchange.getAttributes().remove(limits.attribute());
              }
            });
  }

  private Mono<Void> act(Outcome outcome, ServerWebExchange exchange, WebFilterChain chain) {
    return limits
        .tell(outcome, new ExchangeAnswer(exchange))
        .map(denial -> handler.handle(exchange, denial))
        .orElseGet(() -> chain.filter(exchange));
  }

  @Override
  public String toString() {
    return text;
  }
}
