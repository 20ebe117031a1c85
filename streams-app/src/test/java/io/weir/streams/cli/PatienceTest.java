package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final StringWriter err = new StringWriter();

  @Test
  void whoWaitsLongIsToldForWhom() {
    String result =
        patience(Duration.ZERO)
            .during(
                () -> {
                  await().until(() -> !err.toString().isEmpty());
                  return "done";
                });

    assertThat(result).isEqualTo("done");
    assertThat(err.toString().strip()).isEqualTo("waiting for broker:9092");
  }

  @Test
  void whoDoesNotWaitIsToldNothing() {
    assertThat(patience(Duration.ofDays(1)).during(() -> "done")).isEqualTo("done");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whoDidNotAnswerIsNamed() {
    assertFailure(new TimeoutException("Timed out"), "Kafka does not answer at broker:9092");
    assertFailure(
        KafkaFailures.explain(new TimeoutException("Timed out")),
        "Kafka does not answer at broker:9092");
    assertFailure(
        new TimeoutException("Topic t not present in metadata after 15000 ms."),
        "Kafka named no leader of the topic t in time");
    assertFailure(
        new KafkaException(
            "Failed to create new KafkaAdminClient",
            new ConfigException("No resolvable bootstrap urls given in bootstrap.servers")),
        "there is no such host as in broker:9092");
    assertFailure(new CommandFailure("something else"), "something else");
  }

  @Test
  void nobodyIsNamedWhoWasNotAsked() {
    CommandFailure failure = KafkaFailures.explain(new TimeoutException("Timed out"));
    Patience registry =
        new Patience(Optional.empty(), () -> new WaitNotice(Duration.ofDays(1), () -> {}));

    assertThatThrownBy(
            () ->
                registry.run(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  private void assertFailure(RuntimeException thrown, String message) {
    assertThatThrownBy(
            () ->
                patience(Duration.ofDays(1))
                    .during(
                        () -> {
                          throw thrown;
                        }))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(message);
  }

  private Patience patience(Duration silence) {
    return new Patience(
        Optional.of("broker:9092"),
        () -> new WaitNotice(silence, () -> err.write("waiting for broker:9092")));
  }
}
