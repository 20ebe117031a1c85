package io.weir.streams.gateway;

import io.weir.streams.query.Readiness;
import java.util.Optional;

/** How far the gateway is. Thread-safe. */
public final class GatewayReadiness implements Readiness.Probe {
  private final GatewayRules rules;
  private volatile Optional<Readiness> started = Optional.empty();

  /**
   * Of a gateway that loads its rules.
   *
   * @param rules tell why that takes its time, where something is wrong
   */
  public GatewayReadiness(GatewayRules rules) {
    this.rules = rules;
  }

  @Override
  public Readiness readiness() {
    return started.orElseGet(this::loading);
  }

  private Readiness loading() {
    return rules
        .whyNoRules()
        .map(Readiness.NotReady::noRules)
        .orElseGet(
            () ->
                new Readiness.NotReady(
                    Readiness.Phase.STARTING,
                    "the rules are being loaded"
                        + rules.trouble().map(why -> ": " + why).orElse("")));
  }

  /** All doors are open. */
  void opened() {
    started = Optional.of(new Readiness.Ready());
  }

  /** The doors are being closed. */
  void stopping() {
    started =
        Optional.of(new Readiness.NotReady(Readiness.Phase.STOPPING, "the gateway is stopping"));
  }
}
