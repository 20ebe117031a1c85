package io.weir.streams.gateway.envoy;

import io.weir.limiter.DescriptorsRequest;

/** What a request of Envoy's comes to. */
sealed interface Asked {

  /** A request that can be judged. */
  record Judgeable(DescriptorsRequest request) implements Asked {}

  /**
   * A request that only a wrong configuration of who asks can be the cause of: an error.
   *
   * @param message one sentence that says what is wrong and what would be right
   */
  record Refused(String message) implements Asked {}

  /**
   * A request that whoever is to be limited can be the cause of: denied, and no error, since Envoy
   * lets pass what it gets an error for unless it is told otherwise.
   *
   * @param message one sentence that says what is wrong
   */
  record Denied(String message) implements Asked {}
}
