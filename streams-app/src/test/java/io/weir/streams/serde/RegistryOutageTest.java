package io.weir.streams.serde;

import static io.weir.streams.serde.StubRegistry.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.serde.StubRegistry.Reply;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that is down is waited for, and no record pays for it. */
class RegistryOutageTest {
  private static final Reply SCHEMA = ok("{\"schema\": \"{\\\"type\\\": \\\"string\\\"}\"}");

  private final StubRegistry registry;
  private final StopSignal stop = new StopSignal();
  private final FakeTicker ticker = new FakeTicker();

  RegistryOutageTest() throws IOException {
    registry = StubRegistry.http();
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 429, 408})
  void anAnswerThatMeansDownIsTriedAgain(int status) {
    registry.answer(new Reply(status, ""), new Reply(status, "busy"), SCHEMA);

    assertThat(client(Map.of()).schemaOf(1).getName()).isEqualTo("string");
    assertThat(registry.asked()).hasSize(3);
    assertThat(ticker.sleeps()).hasSize(2);
  }

  @Test
  void waitsGrowWithinTheSettings() {
    Reply down = new Reply(503, "");
    registry.answer(down, down, down, down, down, down, SCHEMA);

    client(Map.of(SerdeConfig.RETRY_WAIT, "100", SerdeConfig.RETRY_MAX_WAIT, "800")).schemaOf(1);

    long[][] bounds = {{50, 100}, {100, 200}, {200, 400}, {400, 800}, {400, 800}, {400, 800}};
    assertThat(ticker.sleeps()).hasSize(bounds.length);
    for (int i = 0; i < bounds.length; i++) {
      assertThat(ticker.sleeps().get(i)).isBetween(bounds[i][0], bounds[i][1]);
    }
  }

  @Test
  void whenTheTimeIsUpTheFailureIsRetriableAndNotTheRecords() {
    registry.answer(new Reply(503, ""));

    assertThatThrownBy(() -> client(Map.of(SerdeConfig.RETRY_TIMEOUT, "10000")).schemaOf(1))
        .isInstanceOf(RegistryUnavailableException.class)
        .isInstanceOf(RetriableException.class)
        .isNotInstanceOf(SerializationException.class)
        .hasMessageContaining("unavailable for 10000 ms (schema.registry.retry.timeout.ms)")
        .hasMessageContaining(registry.url() + ": answered 503");
    assertThat(ticker.sleeps().stream().mapToLong(Long::longValue).sum())
        .isBetween(2_500L, 10_000L);
  }

  @Test
  void aPortThatNobodyListensOnIsTriedAgain() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    SchemaRegistryClient client = client(Map.of(SerdeConfig.URL, "http://localhost:" + port));

    assertThatThrownBy(() -> client.schemaOf(1))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("http://localhost:" + port + ": cannot connect");
    assertThat(ticker.sleeps()).hasSizeGreaterThan(5);
  }

  @Test
  void aRegistryThatTakesTheQuestionAndNeverAnswersIsGivenUpOn() {
    CountDownLatch never = new CountDownLatch(1);
    registry.answer(
        asked -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return SCHEMA;
        });

    assertThatThrownBy(
            () ->
                client(Map.of(SerdeConfig.READ_TIMEOUT, "50", SerdeConfig.RETRY_TIMEOUT, "200"))
                    .schemaOf(1))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("no answer within 50 ms");
  }

  @Test
  void theNextAddressIsAskedWhenOneIsDownAndThenStayedWith() throws IOException {
    try (StubRegistry other = StubRegistry.http()) {
      registry.answer(new Reply(503, ""));
      other.answer(SCHEMA);
      SchemaRegistryClient client =
          client(Map.of(SerdeConfig.URL, registry.url() + "," + other.url()));

      client.schemaOf(1);
      client.schemaOf(2);

      assertThat(ticker.sleeps()).isEmpty();
      assertThat(registry.asked()).hasSize(1);
      assertThat(other.asked()).hasSize(2);

      other.answer(new Reply(500, ""));
      registry.answer(SCHEMA);
      client.schemaOf(3);
      assertThat(registry.asked()).as("and back").hasSize(2);
    }
  }

  @Test
  void aThreadThatIsInterruptedStopsWaiting() {
    registry.answer(new Reply(503, ""));
    Thread caller = Thread.currentThread();
    ticker.beforeSleep(caller::interrupt);

    assertThatThrownBy(() -> client(Map.of()).schemaOf(1)).isInstanceOf(InterruptException.class);
    assertThat(Thread.interrupted()).as("the flag is kept for the caller").isTrue();
    assertThat(registry.asked()).hasSize(1);
  }

  @Test
  void aThreadThatIsInterruptedStopsAsking() {
    Thread caller = Thread.currentThread();
    registry.answer(
        asked -> {
          caller.interrupt();
          return new Reply(503, "");
        });

    assertThatThrownBy(() -> client(Map.of()).schemaOf(1)).isInstanceOf(InterruptException.class);
    assertThat(Thread.interrupted()).as("the flag is kept for the caller").isTrue();
  }

  @Test
  void stoppingEndsTheWaitBetweenTwoQuestions() {
    registry.answer(new Reply(503, ""));
    ticker.beforeSleep(stop::give);

    assertThatThrownBy(() -> client(Map.of()).schemaOf(1))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("because the application stops")
        .hasMessageContaining("answered 503");
    assertThat(registry.asked()).hasSize(1);
    assertThat(ticker.sleeps()).isEmpty();
  }

  @Test
  void stoppingEndsTheWaitForAnAnswer() {
    CountDownLatch never = new CountDownLatch(1);
    registry.answer(
        asked -> {
          stop.give();
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return SCHEMA;
        });

    assertThatThrownBy(() -> client(Map.of(SerdeConfig.READ_TIMEOUT, "3600000")).schemaOf(1))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("because the application stops");
  }

  private SchemaRegistryClient client(Map<String, String> settings) {
    Map<String, String> config = new HashMap<>(Map.of(SerdeConfig.URL, registry.url()));
    config.putAll(settings);
    return new HttpSchemaRegistryClient(new SerdeConfig(config), stop, ticker);
  }
}
