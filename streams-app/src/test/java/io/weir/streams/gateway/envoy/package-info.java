@NullMarked
package io.weir.streams.gateway.envoy;

import org.jspecify.annotations.NullMarked;
