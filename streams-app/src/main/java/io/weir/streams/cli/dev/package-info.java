/**
 * Real parts as child processes of this one, for {@code ./weir dev} and for tests: a Kafka broker
 * and a schema registry that end and clean up with their parent, however it ends. Not for
 * production.
 */
@NullMarked
package io.weir.streams.cli.dev;

import org.jspecify.annotations.NullMarked;
