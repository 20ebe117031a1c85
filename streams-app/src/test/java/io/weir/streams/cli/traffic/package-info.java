@NullMarked
package io.weir.streams.cli.traffic;

import org.jspecify.annotations.NullMarked;
