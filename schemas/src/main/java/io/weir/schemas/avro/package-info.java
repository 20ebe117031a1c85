/** What Avro needs to know of the generated classes; found by itself, nothing to call. */
@NullMarked
package io.weir.schemas.avro;

import org.jspecify.annotations.NullMarked;
