/** Tests of what filters have in common. */
@NullMarked
package io.weir.limiter.http.filter;

import org.jspecify.annotations.NullMarked;
