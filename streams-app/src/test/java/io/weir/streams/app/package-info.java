@NullMarked
package io.weir.streams.app;

import org.jspecify.annotations.NullMarked;
