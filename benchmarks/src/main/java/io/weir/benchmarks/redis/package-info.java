/** Measures limiters whose state is in Redis, side by side on the same Redis. */
@NullMarked
package io.weir.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
