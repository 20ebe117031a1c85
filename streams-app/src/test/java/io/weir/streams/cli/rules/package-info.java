@NullMarked
package io.weir.streams.cli.rules;

import org.jspecify.annotations.NullMarked;
