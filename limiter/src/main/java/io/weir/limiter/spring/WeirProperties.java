package io.weir.limiter.spring;

import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.RateLimitFields;
import io.weir.limiter.http.RateLimitHeaders;
import io.weir.limiter.rule.OnError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code weir.*}.
 *
 * @param enabled whether anything is configured at all
 * @param domain domain of the limits of weir.limits, of the filter and of annotations that name
 *     none
 * @param rules rules files: locations such as classpath:rules.yaml, or their text itself
 * @param watchRules whether rules files that are files of a file system are read anew when they
 *     change; what makes no sense then is logged, and leaves the rules before it in force
 * @param limits limits by name, each in one line, such as POST /login 5/minute by address; they
 *     stand over those of the same name in rules files
 * @param backend where the state of limits is kept
 * @param maxWait the longest time that a request or a call waits for the turn that a leaky bucket
 *     gives it; who would wait longer is denied
 * @param headers which fields of answers tell of limits
 * @param resetForm how X-RateLimit-Reset tells the time
 * @param memory settings of the state in memory
 * @param redis settings of the state in Redis
 * @param filter settings of the filter before servlets or WebFlux
 * @param annotations settings of RateLimited
 */
@ConfigurationProperties("weir")
public record WeirProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("api") String domain,
    @DefaultValue List<String> rules,
    @DefaultValue("false") boolean watchRules,
    @DefaultValue Map<String, String> limits,
    @DefaultValue("memory") Backend backend,
    @DefaultValue("10s") Duration maxWait,
    @DefaultValue("ietf") RateLimitFields.Style headers,
    @DefaultValue("seconds-left") RateLimitFields.ResetForm resetForm,
    @DefaultValue Memory memory,
    @DefaultValue Redis redis,
    @DefaultValue Filter filter,
    @DefaultValue Annotations annotations) {

  /** How answers tell of limits. */
  RateLimitHeaders rateLimitHeaders() {
    return new RateLimitHeaders(headers, resetForm);
  }

  /** Where the state of limits is kept. */
  public enum Backend {
    /** On the heap: each process has budgets of its own. */
    MEMORY,
    /** In Redis: all processes spend from one budget. */
    REDIS
  }

  /**
   * The state in memory.
   *
   * @param maxRows the most rows of state to keep; above that the one that is idle soonest goes
   */
  public record Memory(@DefaultValue("1000000") long maxRows) {}

  /**
   * The state in Redis.
   *
   * @param uri where Redis is: redis://, rediss:// or redis-sentinel://
   * @param cluster some servers of a Redis Cluster; used instead of weir.redis.uri where any is
   *     named
   * @param keyPrefix what keys begin with
   * @param timeout how long a request may wait for Redis
   * @param onError what is decided without Redis under rules that do not say
   * @param localShare the share of a limit that this process admits where it judges alone
   * @param maxWaiting how many requests may wait for Redis at once
   */
  public record Redis(
      @DefaultValue("redis://localhost") String uri,
      @DefaultValue List<String> cluster,
      @DefaultValue("weir:") String keyPrefix,
      @DefaultValue("50ms") Duration timeout,
      @DefaultValue("allow") OnError onError,
      @DefaultValue("1") double localShare,
      @DefaultValue("10000") int maxWaiting) {

    /** Without passwords. */
    @Override
    public String toString() {
      return "Redis[uri="
          + withoutPassword(uri)
          + ", cluster="
          + cluster.stream().map(Redis::withoutPassword).toList()
          + ", keyPrefix="
          + keyPrefix
          + "]";
    }

    private static String withoutPassword(String uri) {
      int at = uri.lastIndexOf('@');
      return at < 0 ? uri : "***" + uri.substring(at);
    }
  }

  /**
   * The filter, before servlets or WebFlux.
   *
   * @param enabled whether requests are limited before the application sees them
   * @param order the filter's place in the chain; by default before that of Spring Security, so
   *     that log-ins are limited, too, and the attribute user is unknown. -90 is behind it
   * @param urlPatterns the URL patterns that it is mapped to; on WebFlux paths, or paths with all
   *     below them, such as /api/*
   * @param async whether no thread is held while Redis is asked and while requests wait; every
   *     filter behind must then be mapped for ASYNC. On WebFlux it is always so
   * @param failOpen whether requests go on where the limiter fails
   * @param turns whether requests wait for the turn that a leaky bucket gives them
   * @param maxWaiting how many threads of the container may wait for turns at once; who would be
   *     one more is denied. On WebFlux none waits
   * @param skip routes that are not limited, such as /actuator/**
   * @param chargePreflights whether preflights of CORS are charged, which browsers send by
   *     themselves
   * @param trustedProxies addresses of proxies whose word on the client's address is believed, or
   *     ranges of them, such as 10.0.0.0/8
   * @param forwardedHeader the header in which these proxies tell the client's address
   * @param ipv6Prefix how many bits of an IPv6 address tell clients apart
   * @param apiKeyHeader the header whose hash is the attribute api_key; none by default
   * @param apiKeySecret a secret that the hash is made with, so that nobody can try keys against it
   * @param attributes further attributes by name, each with the header whose value it is
   */
  public record Filter(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("-110") int order,
      @DefaultValue("/*") List<String> urlPatterns,
      @DefaultValue("false") boolean async,
      @DefaultValue("true") boolean failOpen,
      @DefaultValue("wait") Turns turns,
      @DefaultValue("100") int maxWaiting,
      @DefaultValue List<String> skip,
      @DefaultValue("false") boolean chargePreflights,
      @DefaultValue List<String> trustedProxies,
      @DefaultValue("x-forwarded-for") ClientAddresses.Header forwardedHeader,
      @DefaultValue("64") int ipv6Prefix,
      @DefaultValue("") String apiKeyHeader,
      @DefaultValue("") String apiKeySecret,
      @DefaultValue Map<String, String> attributes) {

    /** Without the secret. */
    @Override
    public String toString() {
      return "Filter[enabled="
          + enabled
          + ", order="
          + order
          + ", urlPatterns="
          + urlPatterns
          + ", apiKeyHeader="
          + apiKeyHeader
          + "]";
    }
  }

  /** What is done with the turns that leaky buckets give. */
  public enum Turns {
    /** Requests wait for them. */
    WAIT,
    /** Requests go on at once. */
    IGNORE
  }

  /**
   * The annotation.
   *
   * @param enabled whether RateLimited has any effect
   * @param maxWaiting how many threads may wait for turns at once in methods that return no stage
   *     and no publisher; who would be one more is denied
   */
  public record Annotations(
      @DefaultValue("true") boolean enabled, @DefaultValue("100") int maxWaiting) {}
}
