package io.weir.streams.gateway.decisions;

import java.util.Locale;

/** Why a decision is not on the decisions topic. */
enum LossReason {
  /** As many waited as may. */
  FULL("did not fit among those that wait (gateway.decisions.max.waiting)"),
  /** It could not be encoded, or the brokers did not take it. */
  FAILED("could not be delivered"),
  /** The gateway stopped before. */
  CLOSED("waited when the gateway stopped");

  private final String sentence;

  LossReason(String sentence) {
    this.sentence = sentence;
  }

  /** What happened to such decisions. */
  String sentence() {
    return sentence;
  }

  /** The metrics' word. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
