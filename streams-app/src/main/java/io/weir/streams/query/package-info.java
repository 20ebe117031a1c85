/**
 * Questions from outside, answered from the state of the running application: limits, rules,
 * health, metrics, and the HTTP door that they come in by.
 */
@NullMarked
package io.weir.streams.query;

import org.jspecify.annotations.NullMarked;
