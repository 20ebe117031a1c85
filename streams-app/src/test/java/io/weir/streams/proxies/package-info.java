/** The configurations of proxies that the documents show, run by the proxies themselves. */
@NullMarked
package io.weir.streams.proxies;

import org.jspecify.annotations.NullMarked;
