/** The commands {@code weir schemas …}. */
@NullMarked
package io.weir.streams.cli.schemas;

import org.jspecify.annotations.NullMarked;
