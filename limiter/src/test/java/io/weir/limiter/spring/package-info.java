/** Tests of the limiter in Spring. */
@NullMarked
package io.weir.limiter.spring;

import org.jspecify.annotations.NullMarked;
