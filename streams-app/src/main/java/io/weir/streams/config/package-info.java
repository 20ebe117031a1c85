/** Every setting of the application: declared, read from files and the environment, checked. */
@NullMarked
package io.weir.streams.config;

import org.jspecify.annotations.NullMarked;
