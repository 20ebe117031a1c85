@NullMarked
package io.weir.schemas;

import org.jspecify.annotations.NullMarked;
