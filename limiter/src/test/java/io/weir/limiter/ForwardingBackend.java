package io.weir.limiter;

import io.weir.limiter.rule.Match;

/** A backend that asks another one; tests change parts of it. */
public class ForwardingBackend implements LimitBackend {
  private final LimitBackend backend;

  /** Asks another one, which it closes. */
  public ForwardingBackend(LimitBackend backend) {
    this.backend = backend;
  }

  @Override
  public Decision judge(Match match, long cost) {
    return backend.judge(match, cost);
  }

  @Override
  public Decision refund(Match match, long cost, long chargedAtMillis) {
    return backend.refund(match, cost, chargedAtMillis);
  }

  @Override
  public Decision reset(Match match) {
    return backend.reset(match);
  }

  @Override
  public void close() {
    backend.close();
  }
}
