package io.weir.streams.cli.dev;

import io.weir.streams.real.RealBroker;

/** A program that starts a Redis and waits to be killed; says Redis's pid and directory. */
public final class RedisHolder {
  private RedisHolder() {}

  /** Runs until killed. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws InterruptedException {
    RedisProcess redis = RedisProcess.start(RealBroker.files());
    redis.pause(); // Nothing that stands still may stay, either.
    System.out.println("redis " + redis.pid() + " " + redis.log().getParent());
    Thread.currentThread().join();
  }
}
