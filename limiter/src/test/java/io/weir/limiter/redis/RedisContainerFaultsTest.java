package io.weir.limiter.redis;

/** The same with a newer Redis, and a network between that goes on when Redis does not. */
@WithDocker
class RedisContainerFaultsTest extends RedisFaultsTck {

  @Override
  RedisServer startRedis() {
    return RedisContainer.start();
  }
}
