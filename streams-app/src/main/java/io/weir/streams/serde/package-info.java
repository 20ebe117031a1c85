/**
 * Avro in Confluent's wire format, over the schema registry's REST API, with Confluent's
 * configuration keys.
 */
@NullMarked
package io.weir.streams.serde;

import org.jspecify.annotations.NullMarked;
