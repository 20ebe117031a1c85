/**
 * The synchronous doors: checks that are answered now, from the same rules, with state in Redis.
 */
@org.jspecify.annotations.NullMarked
package io.weir.streams.gateway;
