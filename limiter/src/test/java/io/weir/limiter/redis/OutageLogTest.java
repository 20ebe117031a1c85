package io.weir.limiter.redis;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.LogLines;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RequestedDescriptor;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class OutageLogTest {
  private static final RuleSet RULES =
      RuleSet.of(DomainRules.of("api", key("user_id").limit(RuleLimit.perDay(9))));
  private static final Request REQUEST = Request.of("api", "user_id", "42");

  private static RedisRateLimiterBuilder away() {
    return RedisRateLimiter.builder(() -> RULES).uri("redis://:secret@127.0.0.1:1");
  }

  @Test
  void aLimiterThatBeginsWithoutRedisSaysSoOnce() {
    try (LogLines lines = LogLines.of(RedisRateLimiter.class);
        RedisRateLimiter limiter = away().build()) {
      assertThat(lines.messages())
          .singleElement()
          .asString()
          .startsWith(limiter + " begins without Redis: ")
          .contains("127.0.0.1", "Connection refused")
          .doesNotContain("secret");

      assertThat(limiter.check(REQUEST).degraded()).isTrue();
      assertThat(limiter.checkAsync(REQUEST).toCompletableFuture().join().degraded()).isTrue();
      DescriptorsRequest descriptors =
          new DescriptorsRequest("api", List.of(RequestedDescriptor.of("user_id", "42")));
      assertThat(limiter.checkDescriptors(descriptors).decision().degraded()).isTrue();
      assertThat(lines.records())
          .singleElement()
          .extracting(LogRecord::getLevel)
          .isEqualTo(Level.WARNING);
    }
  }

  @Test
  void whoTellsOfOutagesOtherwiseTurnsTheLogOff() {
    try (LogLines lines = LogLines.of(RedisRateLimiter.class);
        RedisRateLimiter limiter = away().logOutages(false).build()) {
      assertThat(limiter.check(REQUEST).degraded()).isTrue();
      assertThat(lines.messages()).isEmpty();
    }
  }

  @Test
  void anOutageIsWarnedOfOnceHoweverLongItIsAndItsEndIsTold() {
    long[] nowNanos = new long[1];
    OutageLog log = new OutageLog("The limiter", () -> nowNanos[0]);
    Decision with;
    try (RateLimiter limiter = RateLimiter.inMemory(RULES)) {
      with = limiter.check(REQUEST);
    }
    try (LogLines lines = LogLines.of(RedisRateLimiter.class)) {
      for (int outage = 0; outage < 2; outage++) {
        for (int i = 0; i < 10; i++) {
          log.decided(with.asDegraded("timed out"));
          nowNanos[0] += Duration.ofSeconds(20).toNanos();
        }
        log.decided(with);
        nowNanos[0] += Duration.ofMinutes(1).toNanos();
      }

      assertThat(lines.records())
          .filteredOn(line -> line.getLevel().intValue() >= Level.INFO.intValue())
          .extracting(LogRecord::getLevel)
          .containsExactly(Level.WARNING, Level.INFO, Level.WARNING, Level.INFO);
      assertThat(lines.messages())
          .contains("The limiter decided without Redis: 1 since the last line; timed out")
          .last()
          .asString()
          .startsWith("The limiter decides with Redis again; without it ");
    }
  }
}
