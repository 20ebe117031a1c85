@NullMarked
package io.weir.streams.cli.run;

import org.jspecify.annotations.NullMarked;
