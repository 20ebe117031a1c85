/** The limiter before servlets: needs {@code jakarta.servlet-api}, which every container has. */
@NullMarked
package io.weir.limiter.http.servlet;

import org.jspecify.annotations.NullMarked;
