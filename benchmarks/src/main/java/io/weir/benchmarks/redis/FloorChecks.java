package io.weir.benchmarks.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

/** One call of a script that does nothing, which names a key that is not there. */
final class FloorChecks implements Checks {
  private static final String PREFIX = "floor-bench:";
  private static final String SCRIPT = "return '1'";

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final RedisCommands<String, String> redis;
  private final String digest;

  FloorChecks(String uri) {
    this.client = RedisClient.create(uri);
    this.connection = client.connect();
    this.redis = connection.sync();
    this.digest = redis.scriptLoad(SCRIPT);
  }

  @Override
  public Answer check(String user) {
    String unused = redis.evalsha(digest, ScriptOutputType.VALUE, key(user));
    return Answer.ALLOWED;
  }

  @Override
  public String key(String user) {
    return PREFIX + user;
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
