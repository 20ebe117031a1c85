package io.weir.streams.real;

import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Requests and rules that meet each other often and in many ways. */
final class Traffic {
  private static final List<String> ENDPOINTS = List.of("/login", "/items", "/files/a", "/files/b");

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
                - {name: logins, algorithm: sliding_window_log, unit: second, requests_per_unit: 3}
                - {name: hourly, algorithm: sliding_window_counter, unit: hour, requests_per_unit: 80}
            - key: endpoint
              value: /files/*
              share_threshold: true
              rate_limit: {algorithm: leaky_bucket, unit: second, requests_per_unit: 4}
            - key: endpoint
              shadow_mode: true
              rate_limit: {unit: minute, requests_per_unit: 15}
      """;

  private Traffic() {}

  /** The request of a number; one in 33 is answered without a look at limits. */
  static RequestEvent request(int number, Random random) {
    Map<String, String> attributes = new HashMap<>();
    // A few users send most of the requests, as everywhere.
    attributes.put("user_id", "user " + (int) Math.pow(200, random.nextDouble()));
    attributes.put("endpoint", ENDPOINTS.get(random.nextInt(ENDPOINTS.size())));
    attributes.put("ignored", String.valueOf(number));
    String domain = number % 50 == 0 ? "elsewhere" : "api";
    long cost = number % 100 == 1 ? -1 : 1 + random.nextInt(3) / 2;
    return new RequestEvent("r" + number, domain, attributes, cost, Operation.CHECK, null);
  }
}
