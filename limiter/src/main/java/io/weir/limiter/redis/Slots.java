package io.weir.limiter.redis;

import io.lettuce.core.cluster.SlotHash;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;

/** Which keys can be asked for in one call: in Redis Cluster those of one slot. Thread-safe. */
interface Slots {
  /** The slot of an identifier's key. */
  int of(KeyText identifier);

  /** One server, which has all keys. */
  static Slots one() {
    return identifier -> 0;
  }

  /** Those of Redis Cluster, which places keys by what stands in braces: the identifier. */
  static Slots ofCluster() {
    return identifier -> SlotHash.getSlot(identifier.bytes());
  }

  /** Whether all identifiers of a request can be asked for in one call. */
  default boolean areOne(Match match) {
    return match.identifiers().size() == 1
        || match.identifiers().stream()
                .mapToInt(each -> of(each.identifierText()))
                .distinct()
                .count()
            <= 1;
  }
}
