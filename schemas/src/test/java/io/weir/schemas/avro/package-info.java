@NullMarked
package io.weir.schemas.avro;

import org.jspecify.annotations.NullMarked;
