package io.weir.streams.store;

import java.util.List;
import org.apache.kafka.streams.query.Query;

/**
 * Interactive query for the rows of one identifier, in key order. It asks {@link LimitStore} and
 * not a key-value interface, so that it means the same whatever is behind it: {@code
 * StateQueryRequest.inStore(TopologyNames.LIMITS_STORE).withQuery(...)}.
 *
 * @param identifier who is limited: {@code api/user_id=42}
 * @param most how many rows to return at most
 */
public record LimitRowsQuery(String identifier, int most) implements Query<List<LimitRow>> {}
