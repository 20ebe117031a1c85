/** Tests of staying under other people's limits. */
@NullMarked
package io.weir.limiter.outbound;

import org.jspecify.annotations.NullMarked;
