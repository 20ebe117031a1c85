@NullMarked
package io.weir.streams.topology;

import org.jspecify.annotations.NullMarked;
