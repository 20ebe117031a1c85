package io.weir.limiter.redis;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.codec.ScriptRowCodec.KeyedRow;
import io.weir.limiter.rule.KeyText;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Reads all rows of an identifier (rows.lua). Thread-safe. */
final class RowsReader {
  private static final byte[] NOTHING = {};

  private final Script script;
  private final RedisKeys keys;
  private final ScriptRowCodec codec;

  RowsReader(Script script, RedisKeys keys, ScriptRowCodec codec) {
    this.script = script;
    this.keys = keys;
    this.codec = codec;
  }

  /** The rows; fails with a {@link RedisUnavailableException}. */
  CompletableFuture<StoredRows> read(String identifier) {
    byte[][] key = {keys.key(KeyText.of(identifier))};
    CompletableFuture<StoredRows> rows = new CompletableFuture<>();
    script
        .run(key, NOTHING)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                rows.completeExceptionally(Conversations.unavailable(failure));
                return;
              }
              try {
                rows.complete(decode(identifier, answer));
              } catch (RuntimeException e) {
                rows.completeExceptionally(
                    new RedisUnavailableException(
                        "what Redis has of " + identifier + " makes no sense: " + e.getMessage(),
                        e));
              }
            });
    return rows;
  }

  private StoredRows decode(String identifier, byte[] answer) {
    long timeMillis = (long) ByteBuffer.wrap(answer).getDouble();
    SortedMap<String, StoredLimit> rows = new TreeMap<>();
    for (KeyedRow keyed :
        codec.decodeAll(Arrays.copyOfRange(answer, Double.BYTES, answer.length))) {
      rows.put(identifier + '|' + keyed.key(), keyed.row());
    }
    return new StoredRows(timeMillis, rows);
  }
}
