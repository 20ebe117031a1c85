/** Tests of applications that have the starter and nothing else of Weir. */
@NullMarked
package io.weir.starter;

import org.jspecify.annotations.NullMarked;
