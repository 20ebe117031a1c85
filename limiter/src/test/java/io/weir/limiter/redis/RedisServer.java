package io.weir.limiter.redis;

/** A real Redis that tests may harm. It is empty when it starts, and keeps nothing on disk. */
interface RedisServer extends AutoCloseable {

  /** Where clients find it. */
  String uri();

  /** Ends it as if the machine had gone. */
  void kill();

  /** Starts it at the same port after it was killed. */
  void startAgain();

  /** Lets it stand still: it keeps connections and answers nothing. */
  void pause();

  /** Lets it go on. */
  void resume();

  @Override
  void close();
}
