@NullMarked
package io.weir.streams.serde;

import org.jspecify.annotations.NullMarked;
