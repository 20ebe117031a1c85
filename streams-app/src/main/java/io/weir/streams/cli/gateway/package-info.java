/** The commands that run the gateway and ask it. */
@NullMarked
package io.weir.streams.cli.gateway;

import org.jspecify.annotations.NullMarked;
