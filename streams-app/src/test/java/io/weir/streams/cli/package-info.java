@NullMarked
package io.weir.streams.cli;

import org.jspecify.annotations.NullMarked;
