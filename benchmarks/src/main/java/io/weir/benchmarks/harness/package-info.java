/** What the benches share: workers in processes of their own, progress, and figures of runs. */
@NullMarked
package io.weir.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
