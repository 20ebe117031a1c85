package io.weir.streams.app;

import io.weir.streams.serde.StopSignal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka Streams client whose start and stop do not wait for each other. Its own do: a start waits
 * for the rules for as long as no broker answers, and a close for the start. Thread-safe.
 */
final class StreamsClient {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsClient.class);

  /** What Kafka Streams gets beyond its own timeout, so that it is the one that tells. */
  private static final Duration CLOSE_MARGIN = Duration.ofSeconds(1);

  private final KafkaStreams streams;
  private final WakeableClients clients;
  private final StopSignal stop;

  /**
   * A client.
   *
   * @param streams not started
   * @param clients those that it was made with
   * @param stop given as soon as a stop has begun; breaks off the start
   */
  StreamsClient(KafkaStreams streams, WakeableClients clients, StopSignal stop) {
    this.streams = streams;
    this.clients = clients;
    this.stop = stop;
  }

  /** The client itself. */
  KafkaStreams streams() {
    return streams;
  }

  /**
   * Starts the client; returns once the rules are loaded or the stop signal is given. In the latter
   * case the client must still be closed.
   */
  void start() throws InterruptedException {
    CompletableFuture<Void> started = new CompletableFuture<>();
    Thread starter =
        daemon(
            "weir-start",
            () -> {
              try {
                streams.start();
                started.complete(null);
              } catch (Throwable e) {
                // An error too: whoever waits for the start would wait for ever.
                started.completeExceptionally(e);
              }
            });
    try {
      CompletableFuture.anyOf(started, stop.given()).get();
      if (started.isDone()) {
        started.join();
      }
    } catch (ExecutionException | CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } finally {
      if (!started.isDone()) {
        starter.interrupt();
        clients.wakeRulesReader();
      }
    }
  }

  /**
   * Finishes what is under way and leaves the group.
   *
   * <p>The close begins before the stop signal is given: a thread that the signal wakes fails, and
   * would be replaced by one that joins the group again if the client were not being closed
   * already.
   *
   * @return whether that was done in time
   */
  boolean close(Duration timeout) {
    FutureTask<Boolean> close =
        new FutureTask<>(
            () -> {
              streams.close(leavingWithin(Duration.ZERO)); // Begins it and waits for nothing.
              stop.give();
              return streams.close(leavingWithin(timeout));
            });
    Thread unused = daemon("weir-close", close);
    try {
      return close.get(timeout.plus(CLOSE_MARGIN).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      LOG.error("Kafka Streams cannot be closed", e.getCause());
      return false;
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static CloseOptions leavingWithin(Duration timeout) {
    return CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
        .withTimeout(timeout);
  }
}
