package io.weir.benchmarks.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.weir.benchmarks.harness.WorkerProcess;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.StopHook;
import io.weir.streams.cli.dev.EmbeddedFiles;
import io.weir.streams.cli.dev.RedisProcess;
import io.weir.streams.cli.dev.TemporaryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A Redis, and the competitors that are connected to it, each a process of its own; they live as
 * long as this object. Not thread-safe.
 */
final class RedisSession implements AutoCloseable {
  private static final Duration DELETE_PATIENCE = Duration.ofSeconds(10);

  private final String uri;
  private final String server;
  private final Optional<RedisProcess> redis;
  private final Path directory;
  private final StopHook hook;
  private final Map<Competitor, WorkerProcess> workers = new EnumMap<>(Competitor.class);

  /**
   * Starts Redis, if it is to be one of the bench's own, and the competitors.
   *
   * @param files where that one is
   * @throws CommandFailure if there is no Redis
   */
  RedisSession(Supplier<EmbeddedFiles> files, RedisPlan plan) {
    this.redis =
        plan.uri().isPresent() ? Optional.empty() : Optional.of(RedisProcess.start(files.get()));
    try {
      this.uri = plan.uri().or(() -> redis.map(RedisProcess::uri)).orElseThrow();
      this.server = "Redis " + version(uri) + (redis.isPresent() ? ", embedded" : "");
      // Beside Redis's own, it goes with it, however this process ends.
      this.directory =
          redis.isPresent()
              ? Files.createDirectory(redis.get().log().resolveSibling("bench"))
              : Files.createTempDirectory("weir-bench-redis-");
    } catch (IOException e) {
      redis.ifPresent(RedisProcess::close);
      throw new UncheckedIOException("cannot make a directory for the workers", e);
    } catch (RuntimeException e) {
      redis.ifPresent(RedisProcess::close);
      throw e;
    }
    // That of an embedded Redis goes by itself; nobody else would delete the other one.
    this.hook = new StopHook(() -> TemporaryFiles.delete(directory, DELETE_PATIENCE));
    try {
      for (Competitor competitor : Competitor.values()) {
        connect(competitor, plan);
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void connect(Competitor competitor, RedisPlan plan) {
    WorkerProcess worker =
        new WorkerProcess(competitor.label(), RedisWorker.class, directory, plan.jvmOptions());
    workers.put(competitor, worker);
    Map<?, ?> unused =
        worker.perform(new RedisTask.Connect(competitor, uri), Map.class, share -> {});
  }

  String uri() {
    return uri;
  }

  /** What Redis says that it is. */
  String server() {
    return server;
  }

  /** The process of a competitor. */
  WorkerProcess worker(Competitor competitor) {
    WorkerProcess worker = workers.get(competitor);
    if (worker == null) {
      throw new IllegalStateException(competitor.label() + " was not started");
    }
    return worker;
  }

  private static String version(String uri) {
    RedisURI address = RedisURI.create(uri);
    try (RedisClient client = RedisClient.create(address);
        var connection = client.connect()) {
      return connection
          .sync()
          .info("server")
          .lines()
          .filter(line -> line.startsWith("redis_version:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("of an unknown version");
    } catch (RedisException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new CommandFailure(
          "Redis at "
              + address.getHost()
              + ":"
              + address.getPort()
              + " does not answer: "
              + why.getMessage(),
          "without --redis-uri the bench starts a Redis of its own",
          e);
    }
  }

  @Override
  public void close() {
    workers.values().forEach(WorkerProcess::close);
    hook.close();
    redis.ifPresentOrElse(
        RedisProcess::close, () -> TemporaryFiles.delete(directory, DELETE_PATIENCE));
  }
}
