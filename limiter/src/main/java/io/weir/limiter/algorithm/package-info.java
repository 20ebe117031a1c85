@NullMarked
package io.weir.limiter.algorithm;

import org.jspecify.annotations.NullMarked;
