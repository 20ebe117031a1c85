package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;
import java.util.Optional;
import org.apache.kafka.streams.query.Query;

/**
 * Interactive query for one row, empty where nothing is remembered; see {@link LimitRowsQuery}.
 *
 * @param stateKey the row's key: {@code identifier|path#name}
 */
public record LimitRowQuery(String stateKey) implements Query<Optional<StoredLimit>> {}
