/** The limiter on Redis: many processes, one budget, an answer now. Needs Lettuce. */
@NullMarked
package io.weir.limiter.redis;

import org.jspecify.annotations.NullMarked;
