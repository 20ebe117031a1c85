/** What the doors decided, on the decisions topic. */
@NullMarked
package io.weir.streams.gateway.decisions;

import org.jspecify.annotations.NullMarked;
