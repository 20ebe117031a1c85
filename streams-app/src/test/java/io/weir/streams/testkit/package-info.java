/**
 * The kit to test rules with: {@link io.weir.streams.testkit.WeirTestKit}. It runs the real
 * topology on Kafka's TopologyTestDriver, without broker, registry and files. Published with the
 * classifier {@code testkit}; who uses it adds {@code org.apache.kafka:kafka-streams-test-utils}.
 */
@NullMarked
package io.weir.streams.testkit;

import org.jspecify.annotations.NullMarked;
