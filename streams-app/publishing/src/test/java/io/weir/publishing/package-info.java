/** Tests of what is published. */
@NullMarked
package io.weir.publishing;

import org.jspecify.annotations.NullMarked;
