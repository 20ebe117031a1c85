package io.weir.streams.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;

/** What is to be seen through any proxy that asks over HTTP before it lets a request through. */
final class ForwardAuth {
  static final int KEY_LIMIT = 3;
  static final int ADDRESS_LIMIT = 20;

  /** Goes with what docs/gateway.md has proxies ask. */
  static final String RULES =
      """
      domain: edge
      descriptors:
        - key: api_key
          rate_limit: {name: per-key, unit: year, requests_per_unit: %d}
        - key: ip
          rate_limit: {name: per-address, unit: year, requests_per_unit: %d}
      """
          .formatted(KEY_LIMIT, ADDRESS_LIMIT);

  private ForwardAuth() {}

  /**
   * As many requests of a key as its limit pass as they are, and no more.
   *
   * @return a denial
   */
  static HttpResponse<String> assertLimitPassesAndTheRestIsDenied(Client client, Backend backend) {
    String[] key = {"X-Api-Key", "42"};
    HttpResponse<String> passed = client.get("/path?domain=other&cost=0", key);
    assertThat(passed.statusCode()).as(passed.headers() + passed.body()).isEqualTo(200);
    assertThat(passed.body()).isEqualTo("backend");
    assertThat(client.send("POST", "/", "a body", key).statusCode()).isEqualTo(200);
    assertThat(client.send("HEAD", "/", "", key).statusCode()).isEqualTo(200);

    HttpResponse<String> denied = client.get("/", key);

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.headers().allValues("Retry-After")).hasSize(1);
    assertThat(Long.parseLong(denied.headers().firstValue("Retry-After").orElseThrow()))
        .isPositive();
    assertThat(client.send("POST", "/", "a body", key).statusCode()).isEqualTo(429);
    assertThat(client.send("HEAD", "/", "", key).statusCode()).isEqualTo(429);
    assertThat(client.status("/", "X-Api-Key", "43")).isEqualTo(200);
    assertThat(client.status("/")).isEqualTo(200);
    assertThat(backend.asked())
        .extracting(it -> it.method() + " " + it.path() + " " + it.body())
        .containsExactly(
            "GET /path?domain=other&cost=0 ", "POST / a body", "HEAD / ", "GET / ", "GET / ");
    return denied;
  }
}
