package io.weir.limiter.http;

import java.util.OptionalLong;

/**
 * One limit as a server's answer tells it. Immutable; what it does not tell, or tells absurdly, is
 * empty.
 *
 * @param name the policy's name as it stands in the fields, or the resource's; empty where the
 *     fields know no names
 * @param quota requests that each window grants, 1 or more
 * @param windowMillis the window in milliseconds, above 0
 * @param burst the most that can be used at once where it is not the quota, as Weir's own {@code
 *     weir-burst} says it
 * @param remaining requests that are left, 0 or more
 * @param resetMillis milliseconds from now on that those are meant to last, 0 or more
 */
public record ToldLimit(
    String name,
    OptionalLong quota,
    OptionalLong windowMillis,
    OptionalLong burst,
    OptionalLong remaining,
    OptionalLong resetMillis) {

  /** Whether it says that nothing is left. */
  public boolean isUsedUp() {
    return remaining.isPresent() && remaining.getAsLong() == 0;
  }

  boolean tellsNothing() {
    return quota.isEmpty() && remaining.isEmpty() && resetMillis.isEmpty();
  }
}
