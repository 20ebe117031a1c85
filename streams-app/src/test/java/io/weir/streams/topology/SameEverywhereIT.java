package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.Request;
import io.weir.limiter.redis.InjectedTimeBackend;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.BackendSubject;
import io.weir.limiter.tck.FakeClock;
import io.weir.limiter.tck.RateLimiterTck;
import io.weir.streams.cli.dev.RedisProcess;
import io.weir.streams.real.RealBroker;
import io.weir.streams.testkit.WeirDriver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The same histories for memory, the topology and Redis: each is asked each time, and all of them
 * must decide as the first does, which the kit holds to its reference.
 */
class SameEverywhereIT extends RateLimiterTck {
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  /** One for all histories; it ends with this JVM. */
  private static final class Redis {
    static final StatefulRedisConnection<byte[], byte[]> CONNECTION =
        RedisClient.create(RedisProcess.start(RealBroker.files()).uri())
            .connect(ByteArrayCodec.INSTANCE);
  }

  @Override
  protected Subject start(RuleSet rules, Duration lateness) {
    Subject topology =
        new TopologySubject(
            WeirDriver.open(setup -> setup.settings(settings -> settings.withLateness(lateness))),
            rules);
    FakeClock clock = new FakeClock(0);
    InMemoryBackend memory = InMemoryBackend.builder().clock(clock).lateness(lateness).build();
    InjectedTimeBackend inRedis =
        new InjectedTimeBackend(
            Redis.CONNECTION, "same" + PREFIXES.incrementAndGet() + ":", clock, lateness);
    return new All(
        List.of(
            topology,
            new BackendSubject(memory, memory::expireIdle, rules, clock),
            new BackendSubject(inRedis, inRedis::expire, rules, clock)));
  }

  /** Where requests have several identifiers, the topology judges each in a place of its own. */
  @Override
  protected boolean boundsDelays() {
    return false;
  }

  @Override
  protected boolean judgesAllIdentifiersInOnePlace() {
    return false;
  }

  /** The topology is asked by attributes. */
  @Override
  protected boolean judgesDescriptors() {
    return false;
  }

  /** All of them, each asked the same. */
  private record All(List<Subject> subjects) implements Subject {
    @Override
    public Decision decide(Request request, long timestampMillis) {
      return same(subject -> subject.decide(request, timestampMillis));
    }

    @Override
    public Decision refund(Request request, long chargedAtMillis, long timestampMillis) {
      return same(subject -> subject.refund(request, chargedAtMillis, timestampMillis));
    }

    @Override
    public Decision reset(Request request, long timestampMillis) {
      return same(subject -> subject.reset(request, timestampMillis));
    }

    private Decision same(Function<Subject, Decision> ask) {
      List<Decision> decisions =
          subjects.stream().map(ask).map(RateLimiterTck::withoutRevision).toList();
      assertThat(decisions).allSatisfy(each -> assertThat(each).isEqualTo(decisions.get(0)));
      return decisions.get(0);
    }

    @Override
    public void changeRules(RuleSet rules) {
      subjects.forEach(subject -> subject.changeRules(rules));
    }

    @Override
    public void expire() {
      subjects.forEach(Subject::expire);
    }

    @Override
    public void close() {
      subjects.forEach(Subject::close);
    }
  }
}
