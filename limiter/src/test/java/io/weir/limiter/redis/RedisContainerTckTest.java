package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.tck.LimitBackendTck;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The compatibility kit on a newer Redis, and what it cannot see: Redis's own clock. */
@WithDocker
class RedisContainerTckTest extends LimitBackendTck {

  /** One for both kinds of tests of the kit; Testcontainers removes it at the end of the JVM. */
  private static final class Instance {
    static final RedisContainer REDIS = RedisContainer.start();
    static final StatefulRedisConnection<byte[], byte[]> CONNECTION =
        RedisClient.create(REDIS.uri()).connect(ByteArrayCodec.INSTANCE);
  }

  @Override
  protected LimitBackend start(InstantSource clock, Duration lateness) {
    return new InjectedTimeBackend(Instance.CONNECTION, SharedRedis.newPrefix(), clock, lateness);
  }

  @Override
  protected void expire(LimitBackend backend) {
    ((InjectedTimeBackend) backend).expire();
  }

  /** Each asks 400 times with four threads, and their clocks are an hour apart. */
  @Test
  void threeLimitersAdmitExactlyTheLimitOfEachAlgorithmWhateverTheirClocksShow() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Future<Map<String, Integer>>> limiters = new ArrayList<>();
      for (int hours = -1; hours <= 1; hours++) {
        Duration wrong = Duration.ofHours(hours);
        limiters.add(pool.submit(() -> OneProcess.allowed(Instance.REDIS.uri(), wrong)));
      }
      Map<String, Integer> allowed = new HashMap<>();
      for (Future<Map<String, Integer>> limiter : limiters) {
        limiter
            .get(60, TimeUnit.SECONDS)
            .forEach((algorithm, count) -> allowed.merge(algorithm, count, Integer::sum));
      }
      assertThat(allowed)
          .hasSize(OneProcess.ALGORITHMS.size())
          .allSatisfy((algorithm, count) -> assertThat(count).isEqualTo(OneProcess.LIMIT));
    } finally {
      pool.shutdownNow();
    }
  }
}
