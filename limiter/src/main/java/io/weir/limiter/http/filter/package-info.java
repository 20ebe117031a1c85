/** What filters have in common that limit requests to HTTP servers, whatever the server is. */
@NullMarked
package io.weir.limiter.http.filter;

import org.jspecify.annotations.NullMarked;
