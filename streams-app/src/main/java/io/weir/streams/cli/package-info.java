/** The command line: what a person types and what they read. */
@NullMarked
package io.weir.streams.cli;

import org.jspecify.annotations.NullMarked;
