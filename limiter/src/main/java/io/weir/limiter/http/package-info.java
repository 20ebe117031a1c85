/** Limits over HTTP: the header fields that tell of them, written and read. */
@NullMarked
package io.weir.limiter.http;

import org.jspecify.annotations.NullMarked;
