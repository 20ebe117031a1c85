@NullMarked
package io.weir.streams.gateway.decisions;

import org.jspecify.annotations.NullMarked;
