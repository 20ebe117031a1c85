/**
 * The limiter in Spring: an annotation for methods, and the auto-configuration of Spring Boot 4.
 * Needs Spring, which this library names as optional; the starter brings it.
 */
@NullMarked
package io.weir.limiter.spring;

import org.jspecify.annotations.NullMarked;
