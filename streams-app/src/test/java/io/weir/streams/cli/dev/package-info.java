@NullMarked
package io.weir.streams.cli.dev;

import org.jspecify.annotations.NullMarked;
