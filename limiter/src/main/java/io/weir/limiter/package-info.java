@NullMarked
package io.weir.limiter;

import org.jspecify.annotations.NullMarked;
