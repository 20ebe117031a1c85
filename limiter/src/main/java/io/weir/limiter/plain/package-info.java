/** One limit, a yes or a no, for each key or without keys: the fast door. */
@NullMarked
package io.weir.limiter.plain;

import org.jspecify.annotations.NullMarked;
