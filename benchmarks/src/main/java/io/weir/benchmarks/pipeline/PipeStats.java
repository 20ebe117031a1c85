package io.weir.benchmarks.pipeline;

/**
 * What an application counts of itself; 0 where it has no such thing.
 *
 * @param decisionsSent records sent to the topic of the decisions
 * @param allowed decisions that admitted their request
 * @param changelogRecords records sent to the changelog of the limits
 * @param changelogBytes their bytes, as sent
 * @param rocksDbCacheBytes RocksDB's block cache in use, which the stores share
 * @param rocksDbMemtableBytes RocksDB's write buffers, of all stores
 * @param restoredRecords records that the state was restored from
 * @param restoredBytes their bytes, as fetched
 * @param restoreMillis from the start to the end of restoring
 * @param rowsExpired rows that expiry forgot
 * @param longestStepMillis the longest step of expiry
 */
record PipeStats(
    long decisionsSent,
    long allowed,
    long changelogRecords,
    long changelogBytes,
    long rocksDbCacheBytes,
    long rocksDbMemtableBytes,
    long restoredRecords,
    long restoredBytes,
    long restoreMillis,
    long rowsExpired,
    double longestStepMillis) {

  /** Of what has no state. */
  static PipeStats ofSent(long records) {
    return new PipeStats(records, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** These with other counts of what was sent. */
  PipeStats withSent(long newDecisions, long newChangelogRecords, long newChangelogBytes) {
    return new PipeStats(
        newDecisions,
        allowed,
        newChangelogRecords,
        newChangelogBytes,
        rocksDbCacheBytes,
        rocksDbMemtableBytes,
        restoredRecords,
        restoredBytes,
        restoreMillis,
        rowsExpired,
        longestStepMillis);
  }
}
