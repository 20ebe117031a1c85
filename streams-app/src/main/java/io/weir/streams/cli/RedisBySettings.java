package io.weir.streams.cli;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.redis.RedisRateLimiterBuilder;
import io.weir.limiter.redis.RedisUnavailableException;
import io.weir.limiter.redis.StoredRows;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.config.SecretNames;
import io.weir.streams.config.SettingTypes;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limiter on Redis as the settings say. */
public final class RedisBySettings {
  private static final Logger LOG = LoggerFactory.getLogger(RedisBySettings.class);

  private RedisBySettings() {}

  /**
   * What is built on Redis; logs whether it answers. One that is away now is used as soon as it is
   * there.
   *
   * @param rules the rules in force
   * @param build builds
   * @param inspect reads rows by what was built
   * @throws CommandFailure if Redis refuses the connection, or what is there is none
   */
  public static <T> T connect(
      Settings settings,
      Supplier<RuleSet> rules,
      Function<RedisRateLimiterBuilder, T> build,
      BiFunction<T, String, CompletionStage<StoredRows>> inspect) {
    String shown =
        SecretNames.show(WeirSettings.REDIS_URI.name(), settings.get(WeirSettings.REDIS_URI));
    T built;
    try {
      built = build.apply(builder(settings, rules));
    } catch (RedisUnavailableException e) {
      throw new CommandFailure(
          shown + ": " + e.getMessage(), hint(String.valueOf(e.getMessage())), e);
    }
    logWhetherRedisAnswers(identifier -> inspect.apply(built, identifier), shown);
    return built;
  }

  private static String hint(String message) {
    if (message.contains("cluster support disabled")) {
      return "set redis.cluster to false, or name servers of a cluster in redis.uri";
    }
    return message.contains(" does not speak ")
        ? "redis.uri is redis://host:port of a Redis, or rediss://host:port where it speaks TLS"
        : "redis.uri names Redis, user and password included";
  }

  private static RedisRateLimiterBuilder builder(Settings settings, Supplier<RuleSet> rules) {
    String uri = settings.get(WeirSettings.REDIS_URI);
    RedisRateLimiterBuilder builder =
        RedisRateLimiter.builder(rules)
            .keyPrefix(settings.get(WeirSettings.REDIS_KEY_PREFIX))
            .timeout(settings.get(WeirSettings.REDIS_TIMEOUT))
            .lateness(settings.get(WeirSettings.REDIS_LATENESS))
            .maxWaiting(settings.get(WeirSettings.REDIS_MAX_WAITING))
            // The doors tell of it, each in its own name.
            .logOutages(false)
            .onError(settings.get(WeirSettings.ON_ERROR))
            .localShare(settings.get(WeirSettings.LOCAL_SHARE))
            .algorithms(Algorithms.standard(SlidingWindowLog.LARGEST_MAX_ENTRIES));
    return settings.get(WeirSettings.REDIS_CLUSTER)
        ? builder.cluster(SettingTypes.splitRedisUris(uri).toArray(String[]::new))
        : builder.uri(uri);
  }

  private static void logWhetherRedisAnswers(
      Function<String, CompletionStage<StoredRows>> inspect, String shown) {
    try {
      var unused = inspect.apply("weir/start=probe").toCompletableFuture().join();
      LOG.info("Redis at {}", shown);
    } catch (CompletionException e) {
      LOG.warn(
          "Redis at {} does not answer; until it does, on.error and the rules' on_error decide: {}",
          shown,
          e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    }
  }
}
