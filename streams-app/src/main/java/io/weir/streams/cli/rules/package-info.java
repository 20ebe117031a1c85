/** Rules by hand: check, apply, list and delete them. */
@NullMarked
package io.weir.streams.cli.rules;

import org.jspecify.annotations.NullMarked;
