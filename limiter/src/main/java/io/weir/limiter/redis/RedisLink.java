package io.weir.limiter.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The scripts over a connection that is made in the background: who starts while Redis is away goes
 * on as soon as it is there. What was made is kept by Lettuce, which connects anew by itself.
 * Thread-safe.
 */
final class RedisLink implements Script, AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Until it is said why there is no connection. */
  private static final int ATTEMPTS = 3;

  private final Supplier<CompletionStage<Connection>> connector;
  private final ScriptText judging;
  private final ScriptText reading;
  private final ScheduledExecutorService timer;
  private final String place;
  private volatile @Nullable LettuceScript connected;
  private volatile @Nullable LettuceScript reader;
  private volatile @Nullable StatefulConnection<?, ?> connection;
  private volatile boolean closed;
  private volatile @Nullable ConnectFailure lastFailure;

  /** What Lettuce gives for one server or for a cluster. */
  record Connection(
      StatefulConnection<byte[], byte[]> connection,
      RedisScriptingAsyncCommands<byte[], byte[]> commands) {}

  /**
   * A link that is not connected.
   *
   * @param place where it connects to, for people
   */
  RedisLink(
      Supplier<CompletionStage<Connection>> connector,
      ScriptText judging,
      ScriptText reading,
      ScheduledExecutorService timer,
      String place) {
    this.connector = connector;
    this.judging = judging;
    this.reading = reading;
    this.timer = timer;
    this.place = place;
  }

  /**
   * Begins to connect, and never stops trying.
   *
   * @return why the first attempt failed, if it did
   */
  CompletableFuture<Optional<ConnectFailure>> connect() {
    CompletableFuture<Optional<ConnectFailure>> first = new CompletableFuture<>();
    attempt(first, ATTEMPTS);
    return first;
  }

  private void attempt(CompletableFuture<Optional<ConnectFailure>> first, int left) {
    connector
        .get()
        .whenComplete(
            (made, thrown) -> {
              if (thrown == null) {
                use(made);
                first.complete(Optional.empty());
                return;
              }
              ConnectFailure failure = new ConnectFailure(thrown, place);
              if (left > 1 && failure.isCutOff()) {
                attempt(first, left - 1);
                return;
              }
              lastFailure = failure;
              retry();
              first.complete(Optional.of(failure));
            });
  }

  private void use(Connection made) {
    connection = made.connection();
    reader = new LettuceScript(made.commands(), reading);
    connected = new LettuceScript(made.commands(), judging);
    if (closed) {
      var unused = made.connection().closeAsync();
    }
  }

  private void retry() {
    if (!closed) {
      var unused = timer.schedule(this::connectAgain, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void connectAgain() {
    var unused = connect();
  }

  @Override
  public CompletionStage<byte[]> run(byte[][] keys, byte[] asked) {
    return run(connected, keys, asked);
  }

  /** What tells the server that has a slot now from others; empty where nobody knows. */
  String serverOf(int slot) {
    if (connection instanceof StatefulRedisClusterConnection<?, ?> clustered) {
      RedisClusterNode node = clustered.getPartitions().getPartitionBySlot(slot);
      return node == null ? "" : node.getNodeId();
    }
    return "";
  }

  /** The script that reads, over the same connection. */
  Script reading() {
    return (keys, asked) -> run(reader, keys, asked);
  }

  private CompletionStage<byte[]> run(@Nullable LettuceScript usable, byte[][] keys, byte[] asked) {
    return usable == null ? CompletableFuture.failedStage(unconnected()) : usable.run(keys, asked);
  }

  private NotExecutedException unconnected() {
    ConnectFailure failure = lastFailure;
    return failure == null
        ? new NotExecutedException("there is no connection", null)
        : new NotExecutedException(failure.toString(), failure.failure());
  }

  @Override
  public void close() {
    closed = true;
    StatefulConnection<?, ?> made = connection;
    if (made != null) {
      made.close();
    }
  }
}
