/** Words of messages: what a misspelt one was meant to be. */
@NullMarked
package io.weir.limiter.words;

import org.jspecify.annotations.NullMarked;
