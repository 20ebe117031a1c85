package io.weir.streams.testkit;

import java.time.Instant;
import java.time.InstantSource;

/** The wall clock of a test: it goes forward when told to, and never back. */
final class KitClock implements InstantSource {
  private Instant now;

  KitClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  void advanceTo(Instant time) {
    if (time.isAfter(now)) {
      now = time;
    }
  }
}
