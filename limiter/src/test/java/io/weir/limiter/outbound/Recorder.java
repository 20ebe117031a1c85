package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a listener hears, as text. */
final class Recorder implements OutboundListener {
  final List<String> events = new CopyOnWriteArrayList<>();

  @Override
  public void onAcquired(String limiter, long tokens, Duration waited) {
    events.add("acquired " + tokens + " after " + waited.toMillis());
  }

  @Override
  public void onWait(OutboundWait wait) {
    events.add(
        "waits for "
            + wait.cause()
            + wait.expected().map(it -> " " + it.toMillis()).orElse("")
            + " behind "
            + wait.ahead());
  }

  @Override
  public void onGivenBack(String limiter, long tokens) {
    events.add("given back " + tokens);
  }

  @Override
  public void onRejected(String limiter, long tokens, RuntimeException why) {
    events.add("rejected " + tokens + ": " + why.getClass().getSimpleName());
  }

  @Override
  public void onLimitChanged(String limiter, Limit from, Limit to) {
    events.add("limit " + from.requests() + " -> " + to.requests());
  }
}
