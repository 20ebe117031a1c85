/** A real broker and a real registry for integration tests. */
@NullMarked
package io.weir.streams.real;

import org.jspecify.annotations.NullMarked;
