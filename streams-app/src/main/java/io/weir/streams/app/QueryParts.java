package io.weir.streams.app;

import io.weir.limiter.Judge;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.streams.query.RulesInForce;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * What the application's queries read, which the topology provides.
 *
 * @param storeName the store of the limits' state, keyed by state key
 * @param storeType how that store is read from other threads than its own
 * @param decoder reads a row's bytes; throws an unchecked exception if they are corrupt
 * @param rules the rules in force
 * @param judge the judge that decides
 */
public record QueryParts(
    String storeName,
    QueryableStoreType<ReadOnlyKeyValueStore<Bytes, byte[]>> storeType,
    Function<byte[], StoredLimit> decoder,
    RulesInForce rules,
    Judge judge) {}
