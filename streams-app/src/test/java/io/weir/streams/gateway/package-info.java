/** Tests of the gateway. */
@NullMarked
package io.weir.streams.gateway;

import org.jspecify.annotations.NullMarked;
