package io.weir.streams.gateway;

import io.weir.streams.query.Readiness;
import java.util.Optional;
import java.util.function.Supplier;

/** How far the gateway is. Thread-safe. */
public final class GatewayReadiness implements Readiness.Probe {
  private final Supplier<Optional<String>> trouble;
  private volatile Optional<Readiness> started = Optional.empty();

  /**
   * Of a gateway that loads its rules.
   *
   * @param trouble why that takes its time, where something is wrong
   */
  public GatewayReadiness(Supplier<Optional<String>> trouble) {
    this.trouble = trouble;
  }

  @Override
  public Readiness readiness() {
    return started.orElseGet(this::loading);
  }

  private Readiness loading() {
    return new Readiness.NotReady(
        Readiness.Phase.STARTING,
        "the rules are being loaded" + trouble.get().map(why -> ": " + why).orElse(""));
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
