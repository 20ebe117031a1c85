package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static io.weir.streams.gateway.envoy.OpenDoor.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc.RateLimitServiceStub;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RequestedDescriptor;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.cli.dev.RedisProcess;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.real.RealBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What Envoy's door costs over the library, with a real gRPC client on loopback; printed, not
 * judged. Client, door, limiter and Redis share the machine.
 */
@EnabledIfSystemProperty(named = "weir.measure", matches = "envoy")
class EnvoyDoorCostIT {
  private static final int USERS = 10_000;
  private static final int[] CALLERS = {1, 16, 128};
  private static final int CHECKS = 200_000;
  private static final int ROUNDS = 3;

  /** Asks once, and calls back when the answer is there. */
  private interface Caller {
    void ask(int user, Runnable answered);
  }

  @Test
  void printsChecksASecondAndWhatTheyWaited() throws Exception {
    RuleSet rules =
        RuleSet.of(
            DomainRules.of("api", Descriptor.key("user").limit(RuleLimit.perSecond(1_000_000))));
    try (RedisProcess redis = RedisProcess.start(RealBroker.files());
        RedisRateLimiter limiter =
            RedisRateLimiter.builder(() -> rules)
                .uri(redis.uri())
                .timeout(Duration.ofSeconds(5))
                .build();
        EnvoyDoor door =
            new EnvoyDoor(
                OpenDoor.settings().build(),
                StopTime.of(Duration.ofSeconds(20)),
                limiter,
                OpenDoor.reporter(decided -> {}),
                OpenDoor.metrics())) {
      door.open();
      ManagedChannel channel =
          Grpc.newChannelBuilderForAddress(
                  "127.0.0.1", door.port(), InsecureChannelCredentials.create())
              .directExecutor()
              .build();
      RateLimitServiceStub stub = RateLimitServiceGrpc.newStub(channel);
      Caller library =
          (user, answered) -> {
            var unused =
                limiter
                    .checkDescriptorsAsync(
                        new DescriptorsRequest(
                            "api", List.of(RequestedDescriptor.of("user", "u" + user))))
                    .whenComplete((decision, failure) -> answered.run());
          };
      Caller grpc =
          (user, answered) ->
              stub.shouldRateLimit(
                  request("api", descriptor("user", "u" + user)), new Answered(answered));
      try {
        for (int round = 0; round < ROUNDS; round++) {
          for (int callers : CALLERS) {
            measure(round, "library", callers, library);
            measure(round, "gRPC", callers, grpc);
          }
        }
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private record Answered(Runnable next) implements StreamObserver<RateLimitResponse> {
    @Override
    public void onNext(RateLimitResponse value) {}

    @Override
    public void onError(Throwable error) {
      throw new AssertionError(error);
    }

    @Override
    public void onCompleted() {
      next.run();
    }
  }

  /** Each caller asks again as soon as it is answered. */
  private static void measure(int round, String what, int callers, Caller caller)
      throws InterruptedException {
    int checks = callers == 1 ? CHECKS / 10 : CHECKS;
    Times times = new Times(checks);
    AtomicInteger next = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(checks);
    long startNanos = System.nanoTime();
    for (int i = 0; i < callers; i++) {
      new Loop(caller, next, done, times).run();
    }
    assertThat(done.await(2, TimeUnit.MINUTES)).isTrue();
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    times.sort();
    System.out.printf(
        Locale.ROOT,
        "envoy: round %d, %3d callers, %-7s %7.0f a second, p50 %6.3f ms, p99 %6.3f ms%n",
        round,
        callers,
        what,
        checks / seconds,
        times.millis(0.5),
        times.millis(0.99));
  }

  private record Loop(Caller caller, AtomicInteger next, CountDownLatch done, Times times) {
    void run() {
      int check = next.getAndIncrement();
      if (check >= times.checks()) {
        return;
      }
      long askedNanos = System.nanoTime();
      caller.ask(
          check % USERS,
          () -> {
            times.note(check, System.nanoTime() - askedNanos);
            done.countDown();
            run();
          });
    }
  }

  /** What each check waited. */
  private static final class Times {
    private final long[] nanos;

    Times(int checks) {
      nanos = new long[checks];
    }

    int checks() {
      return nanos.length;
    }

    void note(int check, long waitedNanos) {
      nanos[check] = waitedNanos;
    }

    double millis(double share) {
      return nanos[(int) (nanos.length * share)] / 1e6;
    }

    void sort() {
      Arrays.sort(nanos);
    }
  }
}
