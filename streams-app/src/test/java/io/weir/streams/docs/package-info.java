/** Holds what the documents show against the code. */
@NullMarked
package io.weir.streams.docs;

import org.jspecify.annotations.NullMarked;
