/** What decisions are over HTTP: the fields of answers. */
@NullMarked
package io.weir.limiter.http;

import org.jspecify.annotations.NullMarked;
