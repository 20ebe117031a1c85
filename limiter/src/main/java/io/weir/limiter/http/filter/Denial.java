package io.weir.limiter.http.filter;

import io.weir.limiter.Decision;
import io.weir.limiter.http.Problem;
import java.util.Optional;

/**
 * A request that is not served.
 *
 * @param problem what the client is told by default
 * @param decision the decision; empty where the limiter failed and the filter is closed then, where
 *     the path can be read in two ways, and where a field is there several times
 */
public record Denial(Problem problem, Optional<Decision> decision) {}
