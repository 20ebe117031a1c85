package io.weir.benchmarks.redis;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisClient;
import io.weir.benchmarks.harness.Lines;
import io.weir.benchmarks.harness.TaskLoop;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** The main class of a worker: one competitor, which stays connected from task to task. */
public final class RedisWorker {
  private final Users users = new Users();
  private @Nullable Checks connected;

  private RedisWorker() {}

  /** Runs until the end of standard input. */
  public static void main(String[] arguments) throws InterruptedException {
    TaskLoop.run(RedisTask.class, new RedisWorker()::perform);
  }

  private JsonNode perform(RedisTask task, DoubleConsumer progress) throws InterruptedException {
    if (task instanceof RedisTask.Connect connect) {
      connected = connect(connect);
      return Lines.tree(Map.of());
    }
    Checks checks = connected;
    if (checks == null) {
      throw new IllegalStateException("no competitor is connected");
    }
    if (task instanceof RedisTask.Loop loop) {
      return Lines.tree(new Callers(checks, users, progress).loop(loop));
    }
    if (task instanceof RedisTask.Pace pace) {
      return Lines.tree(new Callers(checks, users, progress).pace(pace));
    }
    return Lines.tree(weigh(checks, ((RedisTask.Weigh) task).uri()));
  }

  private static Checks connect(RedisTask.Connect task) {
    return switch (task.competitor()) {
      case WEIR -> new WeirChecks(task.uri());
      case BUCKET4J -> new Bucket4jChecks(task.uri());
      case FLOOR -> new FloorChecks(task.uri());
    };
  }

  private KeyMemory weigh(Checks checks, String uri) {
    String key = checks.key(users.any());
    try (RedisClient client = RedisClient.create(uri);
        var connection = client.connect()) {
      var unused = checks.check(users.any());
      @Nullable Long bytes = connection.sync().memoryUsage(key);
      return new KeyMemory(bytes == null ? 0 : bytes, key.getBytes(StandardCharsets.UTF_8).length);
    }
  }
}
