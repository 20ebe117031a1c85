package io.weir.limiter.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.RuleSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.RepeatedTest;

/**
 * The part of the compatibility kit for limiters that many threads, or many instances on one
 * backend, ask at the same time. It needs the libraries that {@link RateLimiterTck} needs.
 *
 * <p>The clock stands still, so that budgets only shrink. Then, whatever the interleaving: what was
 * admitted under a limit and what is left of it make up the whole, to the token; and whoever was
 * denied must still be denied when all is over. Both hold only if each request was judged and
 * charged in one piece, under all of its limits together.
 */
public abstract class RateLimiterConcurrencyTck {
  private static final int THREADS = 4;

  /**
   * Starts the limiter under test, without state. Where several instances can share a backend, the
   * limiter may pass each check to another of them.
   */
  protected abstract RateLimiter start(RuleSet rules, InstantSource clock);

  @Property(tries = 40)
  void whatWasAdmittedAndWhatIsLeftMakeUpTheWholeAndDenialsWereDue(
      @ForAll("rules") String rules, @ForAll("requests") List<Request> requests) throws Exception {
    try (RateLimiter limiter = start(Rules.of("api", rules), new FakeClock(RateLimiterTck.START))) {
      List<Decided> decided = askAtOnce(requests, limiter::check);
      Map<String, Long> charged = charged(decided);
      for (Decided each : decided) {
        if (each.decision().verdict() == Verdict.DENY) {
          assertThat(limiter.check(each.request()).isAllowed())
              .as("denied among others, so also afterwards: %s", each)
              .isFalse();
        }
        for (LimitStatus status : limiter.check(each.request().peek()).statuses()) {
          assertThat(charged.getOrDefault(status.stateKey(), 0L) + status.remaining())
              .as("admitted and left under %s", status)
              .isEqualTo(whole(status.limit()));
        }
      }
    }
  }

  @RepeatedTest(5)
  void hotIdentifiersThatCrossAdmitExactlyTheLimit() throws Exception {
    String rules =
        """
        - {key: user_id, rate_limit: {unit: hour, requests_per_unit: 1000}}
        - {key: ip, rate_limit: {unit: hour, requests_per_unit: 900}}
        """;
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 500 * THREADS; i++) {
      requests.add(Request.of("api", Map.of("user_id", "42", "ip", "::1")));
    }
    try (RateLimiter limiter = start(Rules.of("api", rules), new FakeClock(RateLimiterTck.START))) {
      assertThat(askAtOnce(requests, limiter::check))
          .filteredOn(each -> each.decision().isAllowed())
          .hasSize(900);
    }
  }

  @RepeatedTest(5)
  void whatIsRefundedByAllWhoWereAdmittedIsThereAgain() throws Exception {
    String rules =
        """
        - {key: user_id, rate_limit: {unit: hour, requests_per_unit: 700}}
        - {key: ip, rate_limit: {algorithm: token_bucket, unit: hour, requests_per_unit: 900}}
        """;
    Request both = Request.of("api", Map.of("user_id", "42", "ip", "::1"));
    try (RateLimiter limiter = start(Rules.of("api", rules), new FakeClock(RateLimiterTck.START))) {
      askAtOnce(
          Collections.nCopies(500 * THREADS, both),
          request -> {
            Decision decision = limiter.check(request);
            return decision.isAllowed() ? limiter.refund(request, decision.nowMillis()) : decision;
          });
      assertThat(limiter.check(both.peek()).statuses())
          .extracting(LimitStatus::remaining)
          .containsExactly(700L, 900L);
    }
  }

  @RepeatedTest(5)
  void resetsOfIdentifiersThatCrossEndAndForgetAll() throws Exception {
    String rules =
        """
        - {key: user_id, rate_limit: {unit: hour, requests_per_unit: 9}}
        - {key: ip, rate_limit: {unit: hour, requests_per_unit: 9}}
        """;
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 500 * THREADS; i++) {
      requests.add(Request.of("api", Map.of("user_id", "" + i % 7, "ip", "" + i % 5)));
    }
    try (RateLimiter limiter = start(Rules.of("api", rules), new FakeClock(RateLimiterTck.START))) {
      askAtOnce(
          requests,
          request -> {
            limiter.check(request);
            return limiter.reset(request);
          });
      for (Decided each : askAtOnce(requests, limiter::reset)) {
        assertThat(each.decision().statuses()).extracting(LimitStatus::remaining).containsOnly(9L);
      }
      for (Request request : requests) {
        assertThat(limiter.check(request.peek()).statuses())
            .extracting(LimitStatus::remaining)
            .containsOnly(9L);
      }
    }
  }

  @Provide
  Arbitrary<String> rules() {
    return History.descriptors(true);
  }

  @Provide
  Arbitrary<List<Request>> requests() {
    return History.request(true).list().ofMinSize(THREADS).ofMaxSize(200);
  }

  private record Decided(Request request, Decision decision) {}

  /** What was taken from each limit, by its state key. */
  private static Map<String, Long> charged(List<Decided> decided) {
    Map<String, Long> charged = new HashMap<>();
    for (Decided each : decided) {
      for (LimitStatus status : each.decision().statuses()) {
        if (each.decision().isAllowed() && status.verdict() == Verdict.ALLOW) {
          charged.merge(status.stateKey(), each.request().cost(), Long::sum);
        }
      }
    }
    return charged;
  }

  private static long whole(Limit limit) {
    return limit.requests() == 0 ? 0 : limit.burst();
  }

  /** Every thread takes every fourth request. */
  private static List<Decided> askAtOnce(
      List<Request> requests, Function<Request, Decision> limiter) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Callable<List<Decided>>> shares = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int first = thread;
        shares.add(
            () -> {
              List<Decided> share = new ArrayList<>();
              start.await(1, TimeUnit.MINUTES);
              for (int i = first; i < requests.size(); i += THREADS) {
                share.add(new Decided(requests.get(i), limiter.apply(requests.get(i))));
              }
              return share;
            });
      }
      List<Decided> all = new ArrayList<>();
      for (Future<List<Decided>> share : pool.invokeAll(shares, 1, TimeUnit.MINUTES)) {
        all.addAll(share.get());
      }
      return all;
    } finally {
      pool.shutdownNow();
    }
  }
}
