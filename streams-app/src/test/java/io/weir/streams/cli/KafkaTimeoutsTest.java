package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class KafkaTimeoutsTest {
  private static final String CALL = "Call(callName=describeTopics) timed out after 3 attempt(s)";

  @Test
  void whereNothingAnsweredItIsAskedWhetherKafkaRuns() {
    assertFailure(
        new TimeoutException(CALL, new TimeoutException("Timed out waiting for a node")),
        "Kafka does not answer",
        "is it running and not overloaded, and is bootstrap.servers right? --bootstrap-server sets it");
    assertFailure(
        new TimeoutException(CALL, new DisconnectException("gone")),
        "Kafka does not answer",
        "is it running and not overloaded, and is bootstrap.servers right? --bootstrap-server sets it");
  }

  @Test
  void aBrokerThatAnsweredIsQuoted() {
    assertFailure(
        new TimeoutException(CALL, new LeaderNotAvailableException("an election is under way")),
        "Kafka did not manage reading in time: an election is under way",
        "are all brokers running? ./weir topics check asks them");
  }

  @Test
  void aTopicWithoutALeaderIsNamed() {
    assertFailure(
        new TimeoutException("Topic requests not present in metadata after 15000 ms."),
        "Kafka named no leader of the topic requests in time",
        "are all brokers running? ./weir topics check asks them");
    assertFailure(
        new TimeoutException(
            "Partition 3 of topic requests with partition count 2 is not present in metadata after"
                + " 15000 ms.",
            new LeaderNotAvailableException("an election is under way")),
        "Kafka named no leader of the topic requests in time",
        "are all brokers running? ./weir topics check asks them; Kafka says: an election is under"
            + " way");
  }

  @Test
  void whatWasSentAndNotConfirmedIsNamed() {
    assertFailure(
        new TimeoutException(
            "Expiring 1 record(s) for weir-requests-0:30000 ms has passed since batch creation"),
        "Kafka did not confirm in time what was sent to partition 0 of weir-requests",
        "are enough brokers running for min.insync.replicas of the topic?");
    assertFailure(
        new BufferExhaustedException("Failed to allocate 16384 bytes"),
        "Kafka did not confirm in time what was sent before, and there is no room for more",
        "are enough brokers running for min.insync.replicas of the topic?");
  }

  private static void assertFailure(TimeoutException timeout, String message, String hint) {
    CommandFailure failure = KafkaFailures.explain(timeout, "reading");

    assertThat(failure).hasMessage(message).hasCause(timeout);
    assertThat(failure.hint()).contains(hint);
  }
}
