@NullMarked
package io.weir.streams.config;

import org.jspecify.annotations.NullMarked;
