package io.weir.benchmarks.pipeline;

import java.util.List;
import java.util.Locale;

/** What requests name, and how the way from requests to decisions begins. */
enum RequestShape {
  /** One identifier a request, and the input is keyed by it. */
  KEYED,

  /**
   * Two identifiers a request, which are judged apart and joined; the input is keyed by the first.
   */
  TWO_IDENTIFIERS,

  /** One identifier a request, and records are re-keyed by it through a repartition topic. */
  REKEYED;

  /** Its name in reports. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The attributes of a request, each of which makes an identifier. */
  List<String> attributes() {
    return this == TWO_IDENTIFIERS ? List.of("user_id", "ip") : List.of("user_id");
  }

  /** How many records a stream thread processes for one request, all admitted. */
  int recordsPerRequest(Candidate candidate) {
    return switch (this) {
      case KEYED -> 1;
      case REKEYED -> 2;
      // The request, a check for each identifier and its answer.
      case TWO_IDENTIFIERS -> candidate.judges() ? 1 + 2 * attributes().size() : 1;
    };
  }
}
