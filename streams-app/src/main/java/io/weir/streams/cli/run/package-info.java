/** The application as a process: from settings to exit code. */
@NullMarked
package io.weir.streams.cli.run;

import org.jspecify.annotations.NullMarked;
