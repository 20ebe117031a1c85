package io.weir.streams.app;

import io.weir.streams.serde.StopSignal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Holds a {@link TopicLayout} against the topics of a cluster. */
final class TopicLayoutCheck {
  private final Admin admin;
  private final Duration timeout;
  private final StopSignal stop;

  /**
   * A check over a client, which the caller closes.
   *
   * @param timeout the longest wait for the brokers
   * @param stop ends that wait
   */
  TopicLayoutCheck(Admin admin, Duration timeout, StopSignal stop) {
    this.admin = admin;
    this.timeout = timeout;
    this.stop = stop;
  }

  /**
   * Returns if the topics are as they must be, or the stop signal is given meanwhile.
   *
   * @throws StartupException if they are not, or the brokers cannot be asked
   */
  void require(TopicLayout layout) throws InterruptedException {
    layout
        .problem(partitions(layout.alike()))
        .ifPresent(
            problem -> {
              throw new StartupException(problem);
            });
  }

  private Map<String, Integer> partitions(Set<String> topics) throws InterruptedException {
    int timeoutMillis = Math.toIntExact(timeout.toMillis());
    Map<String, KafkaFuture<TopicDescription>> described =
        admin
            .describeTopics(topics, new DescribeTopicsOptions().timeoutMs(timeoutMillis))
            .topicNameValues();
    Map<String, Integer> partitions = new HashMap<>();
    for (var topic : described.entrySet()) {
      partitions(topic.getValue()).ifPresent(found -> partitions.put(topic.getKey(), found));
    }
    return partitions;
  }

  /** Empty where there is no such topic, or nobody wants to know any more. */
  private Optional<Integer> partitions(KafkaFuture<TopicDescription> future)
      throws InterruptedException {
    CompletableFuture<TopicDescription> described =
        future.toCompletionStage().toCompletableFuture();
    try {
      CompletableFuture.anyOf(described, stop.given())
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (!(cause instanceof UnknownTopicOrPartitionException)) {
        throw unanswered(cause);
      }
    } catch (TimeoutException e) {
      throw unanswered(e);
    }
    return described.isDone() && !described.isCompletedExceptionally()
        ? Optional.of(described.join().partitions().size())
        : Optional.empty();
  }

  private StartupException unanswered(Throwable cause) {
    return new StartupException(
        "the brokers do not say which topics there are, within "
            + Durations.text(timeout)
            + ": "
            + cause.getMessage()
            + "; check bootstrap.servers and the security settings",
        cause);
  }
}
