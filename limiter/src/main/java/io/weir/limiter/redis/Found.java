package io.weir.limiter.redis;

import io.weir.limiter.codec.CodecException;
import java.util.List;

/**
 * What the script found and did.
 *
 * @param result what came of it
 * @param timeMillis Redis's time, in milliseconds since the epoch
 * @param floorMillis the earliest time that could be judged at
 * @param rows the rows as they were before, with their frames, in the order of the limits; each is
 *     empty where there was none. Of a log, what matters for the decision
 * @param fault what is wrong, where it is broken; else empty
 */
record Found(Result result, long timeMillis, long floorMillis, List<byte[]> rows, String fault) {

  /** What came of it. */
  enum Result {
    /** The request is denied, and nothing written. */
    REFUSED,
    /** The request is allowed, or done what was asked for; what it takes is written. */
    DONE,
    /** Not judged, as there is a row or a limit that is not the script's; or not exchanged. */
    LEFT_TO_CALLER,
    /** Not judged, as what is in Redis is not what this library writes. */
    BROKEN,
    /** Not done, as it was before; the time and the rows are those of then. */
    TOLD;

    /** The result that the script writes so. */
    static Result of(byte written) {
      return switch (written) {
        case 0 -> REFUSED;
        case 1 -> DONE;
        case 2 -> LEFT_TO_CALLER;
        case 3 -> BROKEN;
        case 4 -> TOLD;
        default -> throw new CodecException("the script answers the result " + written);
      };
    }
  }
}
