package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.http.ToldLimit;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Times are in milliseconds from 0. */
class ServerLimitTest {
  private static final OptionalLong NONE = OptionalLong.empty();

  private static ServerLimit after(ServerLimit before, ToldLimit told, long nowMillis) {
    return before.after(told, nowMillis, 0);
  }

  private static ToldLimit policy(long quota, long windowMillis, long burst) {
    return new ToldLimit("p", some(quota), some(windowMillis), some(burst), NONE, NONE);
  }

  private static ToldLimit left(long remaining, long resetMillis) {
    return new ToldLimit("p", NONE, NONE, NONE, some(remaining), some(resetMillis));
  }

  private static ToldLimit reset(long resetMillis) {
    return new ToldLimit("p", NONE, NONE, NONE, NONE, some(resetMillis));
  }

  private static OptionalLong some(long value) {
    return OptionalLong.of(value);
  }

  @Test
  void whatIsNotToldAgainIsAsItWasAndWhatIsToldReplacesIt() {
    ServerLimit first = after(ServerLimit.UNKNOWN, policy(100, 60_000, 10), 0);
    ServerLimit second = after(first, left(5, 70_000), 1_000);

    assertThat(second.quota()).hasValue(100);
    assertThat(second.windowMillis()).hasValue(60_000);
    assertThat(second.windowTold()).isTrue();
    assertThat(second.burst()).hasValue(10);
    assertThat(second.remaining()).hasValue(5);
    ServerLimit third = after(second, policy(200, 30_000, 20), 2_000);
    assertThat(third.quota()).hasValue(200);
    assertThat(third.windowMillis()).hasValue(30_000);
    assertThat(third.burst()).hasValue(20);
    assertThat(third.remaining()).hasValue(5);
  }

  @Test
  void whatWasLeftIsForgottenWithItsReset() {
    ServerLimit told = after(ServerLimit.UNKNOWN, left(5, 1_000), 0);

    assertThat(after(told, policy(10, 1_000, 1), 999).remaining()).hasValue(5);
    assertThat(after(told, policy(10, 1_000, 1), 1_000).remaining()).isEmpty();
  }

  @Test
  void aResetThatIsNowIsNoWindow() {
    assertThat(after(ServerLimit.UNKNOWN, reset(0), 0).windowMillis()).isEmpty();
    assertThat(after(ServerLimit.UNKNOWN, reset(1), 0).windowMillis()).hasValue(1);
  }

  @Test
  void ofTwoTimesThatAreTheSameButForTheirRoundingTheNearerIsTheReset() {
    ServerLimit told = after(ServerLimit.UNKNOWN, reset(10_000), 0);

    assertThat(after(told, reset(10_000), 500).resetAtMillis()).hasValue(10_000);
    assertThat(after(told, reset(9_000), 500).resetAtMillis()).hasValue(9_500);
    assertThat(after(told, reset(10_000), 999).resetAtMillis()).hasValue(10_000);
    assertThat(after(told, reset(10_000), 1_000).resetAtMillis()).hasValue(11_000);
  }

  @Test
  void aResetThatIsOverIsNoneOfTheNextWindow() {
    ServerLimit told = after(ServerLimit.UNKNOWN, reset(10_000), 0);

    assertThat(after(told, reset(500), 9_999).resetAtMillis()).hasValue(10_000);
    assertThat(after(told, reset(500), 10_000).resetAtMillis()).hasValue(10_500);
  }

  @Test
  void itIsUsedUpOnlyWhereItIsKnownThatNothingIsLeft() {
    assertThat(ServerLimit.UNKNOWN.isUsedUp()).isFalse();
    assertThat(after(ServerLimit.UNKNOWN, left(1, 1_000), 0).isUsedUp()).isFalse();
    assertThat(after(ServerLimit.UNKNOWN, left(0, 1_000), 0).isUsedUp()).isTrue();
  }
}
