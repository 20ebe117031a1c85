@NullMarked
package io.weir.streams.cli.topics;

import org.jspecify.annotations.NullMarked;
