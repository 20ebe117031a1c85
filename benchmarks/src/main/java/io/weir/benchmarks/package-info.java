/** JMH benchmarks of the library; docs/performance.md says how to run and to read them. */
@org.jspecify.annotations.NullMarked
package io.weir.benchmarks;
