@NullMarked
package io.weir.streams.compare;

import org.jspecify.annotations.NullMarked;
