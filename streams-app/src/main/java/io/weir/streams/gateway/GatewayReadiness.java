package io.weir.streams.gateway;

import io.weir.streams.query.Readiness;

/** How far the gateway is. Thread-safe. */
public final class GatewayReadiness implements Readiness.Probe {
  private volatile Readiness now =
      new Readiness.NotReady(Readiness.Phase.STARTING, "the rules are being loaded");

  @Override
  public Readiness readiness() {
    return now;
  }

  /** All doors are open. */
  void opened() {
    now = new Readiness.Ready();
  }

  /** The doors are being closed. */
  void stopping() {
    now = new Readiness.NotReady(Readiness.Phase.STOPPING, "the gateway is stopping");
  }
}
