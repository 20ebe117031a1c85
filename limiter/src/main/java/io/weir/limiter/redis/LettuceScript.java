package io.weir.limiter.redis;

import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.PartitionException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Runs the script by its digest, which is short; where Redis does not know it (it was restarted, or
 * told to forget), by its text, from which on it knows it. Thread-safe.
 */
final class LettuceScript implements Script {
  private static final String KEYS_APART = "TRYAGAIN";

  private static final String NOT_CONNECTED = "Currently not connected";

  /** How the messages begin that have no exception of their own; the last three are Lettuce's. */
  private static final List<String> REFUSALS =
      List.of(
          "MASTERDOWN",
          "CLUSTERDOWN",
          NOT_CONNECTED,
          "Request queue size exceeded",
          "Internal stack size exceeded");

  private final RedisScriptingAsyncCommands<byte[], byte[]> redis;
  private final ScriptText script;

  LettuceScript(RedisScriptingAsyncCommands<byte[], byte[]> redis, ScriptText script) {
    this.redis = redis;
    this.script = script;
  }

  @Override
  public CompletionStage<byte[]> run(byte[][] keys, byte[] asked) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    redis
        .<byte[]>evalsha(script.digest(), ScriptOutputType.VALUE, keys, asked)
        .whenComplete(
            (bytes, failure) -> {
              if (failure instanceof RedisNoScriptException) {
                runText(keys, asked, answer);
              } else {
                complete(answer, bytes, failure);
              }
            });
    return answer;
  }

  private void runText(byte[][] keys, byte[] asked, CompletableFuture<byte[]> answer) {
    redis
        .<byte[]>eval(script.text(), ScriptOutputType.VALUE, keys, asked)
        .whenComplete((bytes, failure) -> complete(answer, bytes, failure));
  }

  private static void complete(
      CompletableFuture<byte[]> answer, byte[] bytes, @Nullable Throwable failure) {
    if (failure == null) {
      answer.complete(bytes);
    } else {
      answer.completeExceptionally(told(Conversations.causeOf(failure)));
    }
  }

  private static Throwable told(Throwable failure) {
    if (String.valueOf(failure.getMessage()).startsWith(KEYS_APART)) {
      return new KeysApartException("a slot of the cluster is being moved", failure);
    }
    return isRefusal(failure) ? new NotExecutedException(refusal(failure), failure) : failure;
  }

  private static String refusal(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.startsWith(NOT_CONNECTED) || failure instanceof RedisConnectionException
        ? "there is no connection"
        : message;
  }

  /** Whether Redis, or the client, says that it does not even begin. */
  private static boolean isRefusal(Throwable failure) {
    if (failure instanceof RedisLoadingException
        || failure instanceof RedisBusyException
        || failure instanceof RedisReadOnlyException
        || failure instanceof RedisConnectionException
        || failure instanceof PartitionException) {
      return true;
    }
    String message = String.valueOf(failure.getMessage());
    // Before Redis 7 what a write in a script meets is told as the script's error.
    return REFUSALS.stream().anyMatch(message::startsWith) || message.contains("-READONLY ");
  }
}
