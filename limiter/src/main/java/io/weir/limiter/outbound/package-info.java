/**
 * Staying under other people's limits: for callers of an API that somebody else limits. What waits
 * for its turn waits here and in order, so that the server has nothing to refuse.
 */
@NullMarked
package io.weir.limiter.outbound;

import org.jspecify.annotations.NullMarked;
