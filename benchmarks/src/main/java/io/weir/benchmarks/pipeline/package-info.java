/** Measures the whole topology on a real broker, beside one that passes records through. */
@NullMarked
package io.weir.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
