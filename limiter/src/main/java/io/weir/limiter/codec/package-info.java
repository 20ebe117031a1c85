@NullMarked
package io.weir.limiter.codec;

import org.jspecify.annotations.NullMarked;
