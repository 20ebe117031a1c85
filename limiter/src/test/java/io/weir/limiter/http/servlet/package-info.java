/** Tests of the limiter before servlets, in real containers. */
@NullMarked
package io.weir.limiter.http.servlet;

import org.jspecify.annotations.NullMarked;
