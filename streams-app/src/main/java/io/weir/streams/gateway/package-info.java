/**
 * The synchronous door: callers who need an answer now are judged in Redis, by the same rules as
 * the stream. HTTP is here; other doors are opened and closed with it.
 */
@NullMarked
package io.weir.streams.gateway;

import org.jspecify.annotations.NullMarked;
