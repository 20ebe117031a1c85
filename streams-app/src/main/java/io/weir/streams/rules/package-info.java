/** Rules between the limiter's form and that of the rules topic. */
@NullMarked
package io.weir.streams.rules;

import org.jspecify.annotations.NullMarked;
