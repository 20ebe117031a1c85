@NullMarked
package io.weir.streams.store;

import org.jspecify.annotations.NullMarked;
