/** Containers for integration tests, Weir's own image among them. */
@NullMarked
package io.weir.streams.containers;

import org.jspecify.annotations.NullMarked;
