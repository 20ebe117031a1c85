/** The running application: start, stop, failures, what it logs of itself, and its exit. */
@NullMarked
package io.weir.streams.app;

import org.jspecify.annotations.NullMarked;
