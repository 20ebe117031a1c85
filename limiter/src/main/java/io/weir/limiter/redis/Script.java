package io.weir.limiter.redis;

import java.util.concurrent.CompletionStage;

/** The script in Redis. Thread-safe. */
interface Script {
  /**
   * Runs it once at most, without waiting.
   *
   * @param keys the keys that it uses, which one server has
   * @param asked its argument
   * @return its answer, or why there is none
   */
  CompletionStage<byte[]> run(byte[][] keys, byte[] asked);

  /**
   * As {@link #run}, for what can be asked key by key as well: fails at once with a {@link
   * KeysApartException} where the keys are on two servers for a while.
   */
  default CompletionStage<byte[]> runTogether(byte[][] keys, byte[] asked) {
    return run(keys, asked);
  }
}
