package io.weir.streams.topology;

import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.RateLimiterTck;
import io.weir.streams.testkit.WeirDriver;
import java.time.Duration;

/** The compatibility kit on the topology that re-keys its input. */
class RekeyedTopologyTckTest extends RateLimiterTck {

  @Override
  protected Subject start(RuleSet rules, Duration lateness) {
    return new TopologySubject(
        WeirDriver.open(setup -> setup.settings(settings -> settings.withLateness(lateness))),
        rules);
  }

  /** Each identifier is judged in its own partition, by the time and the rows there. */
  @Override
  protected boolean boundsDelays() {
    return false;
  }

  @Override
  protected boolean judgesAllIdentifiersInOnePlace() {
    return false;
  }

  /** Events have attributes. */
  @Override
  protected boolean judgesDescriptors() {
    return false;
  }
}
