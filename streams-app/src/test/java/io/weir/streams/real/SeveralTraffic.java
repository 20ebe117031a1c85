package io.weir.streams.real;

import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Requests with one, two or three identifiers, which meet each other in many combinations, and
 * rules that limit all of them.
 */
final class SeveralTraffic {
  /** In the order of the rules. */
  private static final List<String> KEYS = List.of("user_id", "ip", "api_key");

  private static final List<String> ENDPOINTS = List.of("/login", "/items", "/files");

  /** Short periods, so that limits refill and run out many times over; all five algorithms. */
  static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit:
            {algorithm: token_bucket, unit: second, requests_per_unit: 20, burst: 30}
          descriptors:
            - key: endpoint
              value: /login
              rate_limits:
                - {name: logins, algorithm: sliding_window_log, unit: second, requests_per_unit: 4}
                - {name: hourly, algorithm: sliding_window_counter, unit: hour, requests_per_unit: 80}
            - key: endpoint
              value: /items
              quota_mode: true
              rate_limit: {unit: minute, requests_per_unit: 10}
            - key: endpoint
              value: /files
              rate_limit: {algorithm: leaky_bucket, unit: second, requests_per_unit: 6}
        - key: ip
          rate_limit: {algorithm: leaky_bucket, unit: second, requests_per_unit: 30, burst: 40}
          descriptors:
            - key: endpoint
              value: /items
              quota_mode: true
              rate_limit: {algorithm: token_bucket, unit: minute, requests_per_unit: 40}
            - key: endpoint
              shadow_mode: true
              rate_limit: {unit: minute, requests_per_unit: 15}
        - key: api_key
          rate_limit: {algorithm: sliding_window_counter, unit: second, requests_per_unit: 25}
          descriptors:
            - key: endpoint
              value: /login
              rate_limit: {unit: second, requests_per_unit: 10}
      """;

  /** The same descriptors with more for everybody. */
  static final String RAISED_RULES =
      changed(
          "{algorithm: token_bucket, unit: second, requests_per_unit: 40}",
          "{algorithm: leaky_bucket, unit: second, requests_per_unit: 50}",
          "{algorithm: sliding_window_counter, unit: second, requests_per_unit: 35}");

  /** With less for everybody. */
  static final String LOWERED_RULES =
      changed(
          "{algorithm: token_bucket, unit: second, requests_per_unit: 8}",
          "{algorithm: leaky_bucket, unit: second, requests_per_unit: 12}",
          "{algorithm: sliding_window_counter, unit: second, requests_per_unit: 10}");

  /** With other algorithms, and without a rule for API keys. */
  static final String OTHER_RULES =
      changed(
              "{algorithm: sliding_window_log, unit: second, requests_per_unit: 15}",
              "{algorithm: fixed_window, unit: second, requests_per_unit: 20}",
              "{unlimited: true}")
          .replace("key: api_key", "key: partner");

  /** Nothing comes back while a test runs. */
  static final String YEARLY_RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {algorithm: token_bucket, unit: year, requests_per_unit: 20}
        - key: ip
          rate_limit: {algorithm: sliding_window_log, unit: year, requests_per_unit: 25}
        - key: api_key
          rate_limit: {algorithm: leaky_bucket, unit: year, requests_per_unit: 30}
      """;

  /** So many requests come in a row to the same few identifiers. */
  private static final int TIME_OF_PASSING = 500;

  private SeveralTraffic() {}

  /** The request of a number; as many have one identifier as two, or three. */
  static RequestEvent request(int number, Random random) {
    Map<String, String> attributes = new HashMap<>();
    int most = KEYS.size();
    int without = random.nextInt(most);
    for (int i = 0; i < most; i++) {
      boolean alone = i == without;
      boolean present = number % most == 0 ? alone : number % most == 2 || !alone;
      if (present) {
        // A few of each send most of the requests, as everywhere.
        attributes.put(KEYS.get(i), "n " + (int) Math.pow(40, random.nextDouble()));
      }
    }
    attributes.put("endpoint", ENDPOINTS.get(random.nextInt(ENDPOINTS.size())));
    long cost = random.nextInt(4) == 3 ? 2 : 1;
    Operation operation = random.nextInt(20) == 0 ? Operation.PEEK : Operation.CHECK;
    return new RequestEvent("r" + number, "api", attributes, cost, operation, null);
  }

  /** The same with identifiers that others follow, so that at any time some run out of tokens. */
  static RequestEvent passingRequest(int number, Random random) {
    RequestEvent request = request(number, random);
    KEYS.forEach(
        key ->
            request
                .getAttributes()
                .computeIfPresent(key, (same, value) -> value + " of " + number / TIME_OF_PASSING));
    return request;
  }

  /** The first identifier of a request, in the order of the rules. */
  static String firstIdentifier(RequestEvent request) {
    return KEYS.stream()
        .flatMap(
            key -> Stream.ofNullable(request.getAttributes().get(key)).map(value -> id(key, value)))
        .findFirst()
        .orElseThrow();
  }

  /**
   * The rules of a test that puts the first four texts in force one after the other, at offset 1
   * and on, deletes them, which decisions call revision 0, and puts the first one in force again.
   */
  static Map<Long, RuleSet> changingRules() {
    Map<Long, String> first = new LinkedHashMap<>();
    first.put(1L, RULES);
    first.put(2L, RAISED_RULES);
    first.put(3L, LOWERED_RULES);
    first.put(4L, OTHER_RULES);
    Map<Long, RuleSet> rules = new LinkedHashMap<>(TopicRecords.rules(first));
    rules.put(0L, RuleSet.empty());
    rules.putAll(TopicRecords.rules(Map.of(6L, RULES)));
    return rules;
  }

  private static String changed(String user, String ip, String apiKey) {
    return RULES
        .replace("{algorithm: token_bucket, unit: second, requests_per_unit: 20, burst: 30}", user)
        .replace("{algorithm: leaky_bucket, unit: second, requests_per_unit: 30, burst: 40}", ip)
        .replace(
            "{algorithm: sliding_window_counter, unit: second, requests_per_unit: 25}", apiKey);
  }

  private static String id(String key, String value) {
    return Identifiers.encode("api", key, value);
  }
}
