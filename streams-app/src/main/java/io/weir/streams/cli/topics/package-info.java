/** Topics as they are declared in a file, and as they are in the cluster. */
@NullMarked
package io.weir.streams.cli.topics;

import org.jspecify.annotations.NullMarked;
