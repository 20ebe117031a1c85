/** Tests of what decisions are over HTTP. */
@NullMarked
package io.weir.limiter.http;

import org.jspecify.annotations.NullMarked;
