package io.weir.streams.config;

/** Where the stream keeps the state of limits. */
public enum StatePlace {
  /** In stores of its own, on RocksDB with a changelog in Kafka. */
  ROCKSDB,
  /** In Redis, where synchronous callers spend from the same budget. */
  REDIS
}
