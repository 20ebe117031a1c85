@NullMarked
package io.weir.streams.query;

import org.jspecify.annotations.NullMarked;
