@NullMarked
package io.weir.limiter.rule;

import org.jspecify.annotations.NullMarked;
