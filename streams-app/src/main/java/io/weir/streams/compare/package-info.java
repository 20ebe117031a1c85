/**
 * Algorithms side by side: traffic is judged by each of them at times of its own, without a clock,
 * a broker or a store, and what comes out is counted.
 */
@NullMarked
package io.weir.streams.compare;

import org.jspecify.annotations.NullMarked;
