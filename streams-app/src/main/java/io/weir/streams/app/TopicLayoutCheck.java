package io.weir.streams.app;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

  /**
   * A check over a client, which the caller closes.
   *
   * @param timeout the longest wait for the brokers
   */
  TopicLayoutCheck(Admin admin, Duration timeout) {
    this.admin = admin;
    this.timeout = timeout;
  }

  /**
   * Returns if the topics are as they must be.
   *
   * @throws StartupException if they are not, or the brokers cannot be asked
   */
  void require(TopicLayout layout) {
    layout
        .problem(partitions(layout.alike()))
        .ifPresent(
            problem -> {
              throw new StartupException(problem);
            });
  }

  private Map<String, Integer> partitions(Set<String> topics) {
    int timeoutMillis = Math.toIntExact(timeout.toMillis());
    Map<String, KafkaFuture<TopicDescription>> described =
        admin
            .describeTopics(topics, new DescribeTopicsOptions().timeoutMs(timeoutMillis))
            .topicNameValues();
    Map<String, Integer> partitions = new HashMap<>();
    described.forEach(
        (topic, future) -> {
          try {
            partitions.put(
                topic, future.get(timeoutMillis, TimeUnit.MILLISECONDS).partitions().size());
          } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
              throw unanswered(e.getCause() == null ? e : e.getCause());
            }
          } catch (TimeoutException e) {
            throw unanswered(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("the start was interrupted", e);
          }
        });
    return partitions;
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
