package io.weir.streams.gateway.envoy;

import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.Reason;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.plain.PlainLimiter;
import io.weir.streams.gateway.DecisionReporter;
import io.weir.streams.topology.DecidedRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Envoy's rate limit service, answered by the limiter. No thread waits for it: an answer is sent by
 * whatever thread the limiter's came on. Thread-safe.
 */
final class RateLimitService extends RateLimitServiceGrpc.RateLimitServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(RateLimitService.class);

  private static final Limit ONE_A_SECOND = Limit.fixedWindow(1, Duration.ofSeconds(1));

  private final AsyncRateLimiter limiter;
  private final boolean responseHeaders;
  private final DecisionReporter reporter;
  private final InstantSource clock;
  private final RequestNames names;

  /** What is wrong may be wrong with every request: a line a second is enough to be seen. */
  private final PlainLimiter errorLines = PlainLimiter.of(ONE_A_SECOND);

  private final PlainLimiter warningLines = PlainLimiter.of(ONE_A_SECOND);

  private final AtomicLong underWay = new AtomicLong();
  private final CountDownLatch idle = new CountDownLatch(1);
  private volatile boolean stopping;

  /**
   * A service.
   *
   * @param responseHeaders whether answers carry {@code RateLimit-} headers
   * @param reporter is told of each decision
   * @param names gives requests their names
   * @param clock the time of decisions that the limiter is not asked for
   */
  RateLimitService(
      AsyncRateLimiter limiter,
      boolean responseHeaders,
      DecisionReporter reporter,
      RequestNames names,
      InstantSource clock) {
    this.limiter = limiter;
    this.responseHeaders = responseHeaders;
    this.reporter = reporter;
    this.names = names;
    this.clock = clock;
  }

  @Override
  public void shouldRateLimit(
      RateLimitRequest request, StreamObserver<RateLimitResponse> observer) {
    if (observer instanceof ServerCallStreamObserver<RateLimitResponse> call) {
      // With it, an answer that Envoy no longer waits for is dropped; without, sending it throws.
      call.setOnCancelHandler(() -> {});
    }
    Begun begun = new Begun(names.next(), System.nanoTime());
    Asked asked = RequestReader.read(request);
    if (asked instanceof Asked.Refused refused) {
      refuse(observer, refused.message());
    } else if (asked instanceof Asked.Judgeable judgeable) {
      judge(judgeable.request(), begun, observer);
    } else if (asked instanceof Asked.Denied denied) {
      long nowMillis = clock.millis();
      Decision decision = Decision.invalid(denied.message(), nowMillis, nowMillis);
      report(request.getDomain(), decision, begun);
      answer(observer, denied(decision, request.getDescriptorsCount()));
    }
  }

  private void judge(
      DescriptorsRequest request, Begun begun, StreamObserver<RateLimitResponse> observer) {
    underWay.incrementAndGet();
    try {
      var unused =
          limiter
              .checkDescriptorsAsync(request)
              .whenComplete(
                  (decision, failure) -> finish(request, begun, decision, failure, observer));
    } catch (RuntimeException e) {
      finish(request, begun, null, e, observer);
    }
  }

  private void finish(
      DescriptorsRequest request,
      Begun begun,
      @Nullable DescriptorsDecision decision,
      @Nullable Throwable failure,
      StreamObserver<RateLimitResponse> observer) {
    try {
      if (decision == null) {
        fail(observer, failure);
      } else {
        report(request.domain(), decision.decision(), begun);
        answer(observer, answerTo(request, decision));
      }
    } catch (RuntimeException e) {
      fail(observer, e);
    } finally {
      if (underWay.decrementAndGet() == 0 && stopping) {
        idle.countDown();
      }
    }
  }

  private void report(String domain, Decision decision, Begun begun) {
    reporter.decided(DecidedRequest.of(begun.requestId(), domain, decision), begun.startNanos());
  }

  /** A request that came, and when. */
  private record Begun(String requestId, long startNanos) {}

  private RateLimitResponse answerTo(DescriptorsRequest request, DescriptorsDecision decision) {
    if (decision.decision().reason() == Reason.INVALID_REQUEST) {
      return denied(decision.decision(), request.descriptors().size());
    }
    RateLimitResponse answer = AnswerWriter.write(request.domain(), decision);
    return responseHeaders ? ResponseHeaders.addTo(answer, decision) : answer;
  }

  private void fail(StreamObserver<RateLimitResponse> observer, @Nullable Throwable failure) {
    if (errorLines.tryAcquire()) {
      LOG.error("A request of Envoy's could not be judged", failure);
    }
    observer.onError(
        Status.INTERNAL
            .withDescription("the request could not be judged; the log of Weir says why")
            .asRuntimeException());
  }

  private RateLimitResponse denied(Decision decision, int descriptors) {
    warn("A request of Envoy's is denied, as it makes no sense: {}", decision.message().orElse(""));
    return AnswerWriter.denied(descriptors);
  }

  private void refuse(StreamObserver<RateLimitResponse> observer, String message) {
    warn("A request of Envoy's is refused, as it makes no sense: {}", message);
    observer.onError(Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException());
  }

  /** Envoy tells nobody what the message of an error is. */
  private void warn(String line, String message) {
    if (warningLines.tryAcquire()) {
      LOG.warn(line, message);
    }
  }

  /**
   * Waits until nothing is under way.
   *
   * @return whether that was so in time
   */
  boolean awaitIdle(Duration timeout) throws InterruptedException {
    stopping = true;
    return underWay.get() == 0 || idle.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void answer(StreamObserver<RateLimitResponse> observer, RateLimitResponse answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }
}
