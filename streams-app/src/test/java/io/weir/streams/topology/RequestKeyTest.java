package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.KeyText;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Duplicates are known by these names across restarts and upgrades, so they stay as they are. */
class RequestKeyTest {
  private static final KeyText USER = KeyText.of("api/user_id=42");
  private static final KeyText ADDRESS = KeyText.of("api/ip=10.0.0.1");

  @Test
  void isTheBeginningOfASha256OverTaskRequestAndIdentifiersInOrder() {
    assertThat(RequestKey.of(new CheckTask.Charge(3), "réq-1", List.of(USER, ADDRESS)))
        .isEqualTo("276c5fd90fc34f02c5404504a27e047c");
    assertThat(RequestKey.of(new CheckTask.Charge(1), "réq-1", List.of(ADDRESS, USER)))
        .as("whatever the cost, and the order of rules")
        .isEqualTo("276c5fd90fc34f02c5404504a27e047c");
    assertThat(RequestKey.of(new CheckTask.Refund(1, 7), "r-1", List.of(USER)))
        .isEqualTo("49e86fcfc3a02ea213a0c321eafa575c");
  }
}
