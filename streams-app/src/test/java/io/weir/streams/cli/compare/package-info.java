@NullMarked
package io.weir.streams.cli.compare;

import org.jspecify.annotations.NullMarked;
