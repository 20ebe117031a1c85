package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import io.weir.limiter.tck.RateLimiterTck;
import io.weir.streams.testkit.WeirDriver;
import java.time.Duration;

/** The compatibility kit on the topology that judges by state that others share. */
class SharedStateTckTest extends RateLimiterTck {

  @Override
  protected Subject start(RuleSet rules, Duration lateness) {
    FakeClock clock = new FakeClock(0);
    InMemoryBackend memory = InMemoryBackend.builder().clock(clock).lateness(lateness).build();
    Subject topology =
        new TopologySubject(
            WeirDriver.open(setup -> setup.sharedState(new OnceInMemory(memory))), rules);
    return new AtItsTime(topology, memory, clock);
  }

  /** Events have attributes. */
  @Override
  protected boolean boundsDelays() {
    return false;
  }

  @Override
  protected boolean judgesDescriptors() {
    return false;
  }

  /** The state's own clock shows the time of the latest request. */
  private record AtItsTime(Subject topology, InMemoryBackend memory, FakeClock clock)
      implements Subject {
    @Override
    public Decision decide(Request request, long timestampMillis) {
      clock.set(timestampMillis);
      return topology.decide(request, timestampMillis);
    }

    @Override
    public Decision refund(Request request, long chargedAtMillis, long timestampMillis) {
      clock.set(timestampMillis);
      return topology.refund(request, chargedAtMillis, timestampMillis);
    }

    @Override
    public Decision reset(Request request, long timestampMillis) {
      clock.set(timestampMillis);
      return topology.reset(request, timestampMillis);
    }

    @Override
    public void changeRules(RuleSet rules) {
      topology.changeRules(rules);
    }

    @Override
    public void expire() {
      memory.expireIdle();
    }

    @Override
    public void close() {
      topology.close();
    }
  }
}
