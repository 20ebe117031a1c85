package io.weir.streams.query;

import static io.weir.streams.query.FakeWeir.NOW;
import static io.weir.streams.query.FakeWeir.PEER_TIMEOUT;
import static io.weir.streams.query.FakeWeir.USER;
import static io.weir.streams.query.FakeWeir.USER_ROW;
import static io.weir.streams.query.FakeWeir.missing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.real.Loopback;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class Ipv6Test {

  @BeforeAll
  static void needsIpv6() {
    assumeTrue(Loopback.hasIpv6(), "this machine has no IPv6 loopback address");
  }

  @Test
  void instancesAskEachOtherByIpv6() {
    try (FakeWeir asked = new FakeWeir("::1", PEER_TIMEOUT);
        FakeWeir owner = new FakeWeir("::1", PEER_TIMEOUT)) {
      asked.locations.put(USER, new Location.There(owner.address()));
      owner.rows.put(USER_ROW, missing(7, NOW));

      LimitsAnswer answer =
          new QueryJson(new ObjectMapper())
              .readLimits(asked.get("/v1/limits?domain=api&user_id=42").body());

      assertThat(answer.limits())
          .singleElement()
          .satisfies(
              report -> {
                assertThat(report.instance()).startsWith("[::1]:").isEqualTo(owner.name());
                assertThat(report.standing().remaining()).isEqualTo(3);
              });
    }
  }
}
