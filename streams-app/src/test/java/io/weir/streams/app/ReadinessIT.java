package io.weir.streams.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.real.RealBroker;
import io.weir.streams.serde.StopSignal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an instance beside a real broker answers until it has its partitions and their state. */
@ExtendWith(RealBroker.class)
class ReadinessIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LIMITS = "/v1/limits?domain=api&user_id=user+3";

  private final Place place;

  ReadinessIT(KafkaProcess kafka, @TempDir Path directory) {
    this.place = new Place(kafka, directory);
  }

  @Test
  void neitherHealthNorQueriesPretendWhilePartitionsAndStateAreOnTheWay() throws Exception {
    place.createTopics(4);
    place.sendRules();
    place.sendRequests();
    try (Instance before = place.instance("before")) {
      before.application().start();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(before.get(LIMITS).body()).contains("\"remaining\":996"));
    }

    HeldClients clients = new HeldClients();
    try (Instance restored =
        place.instance(place.registry(), new StopSignal(), clients, Duration.ofSeconds(30))) {
      restored.application().start();
      assertNotReady(restored, "rebalancing", "the group is sharing out its partitions anew");

      clients.group.countDown();
      assertNotReady(restored, "restoring", "the state is being restored: 0 % (0 of ");

      clients.changelog.countDown();
      await().atMost(PATIENCE).until(restored::isReady);
      assertThat(restored.get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(restored.get(LIMITS).body()).contains("\"remaining\":996");
    } finally {
      clients.group.countDown();
      clients.changelog.countDown();
    }
  }

  private static void assertNotReady(Instance instance, String phase, String detail) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              HttpResponse<String> health = instance.get("/health/ready");
              assertThat(health.statusCode()).isEqualTo(503);
              assertThat(health.headers().firstValue("Retry-After")).isPresent();
              assertThat(health.body()).contains("\"status\":\"" + phase + "\"", detail);
              HttpResponse<String> limits = instance.get(LIMITS);
              assertThat(limits.statusCode()).isEqualTo(503);
              assertThat(limits.headers().firstValue("Retry-After")).isPresent();
              assertThat(limits.body()).contains(detail);
            });
  }

  /** Clients that neither hear of their group nor of the changelog until they are let. */
  private static final class HeldClients extends DefaultKafkaClientSupplier {
    private final CountDownLatch group = new CountDownLatch(1);
    private final CountDownLatch changelog = new CountDownLatch(1);

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      return new HeldConsumer(config, group);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
      return new HeldConsumer(config, changelog);
    }
  }

  /** Polls nothing until the latch is open. */
  private static final class HeldConsumer extends KafkaConsumer<byte[], byte[]> {
    private final CountDownLatch latch;

    HeldConsumer(Map<String, Object> config, CountDownLatch latch) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      this.latch = latch;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      try {
        return latch.await(timeout.toMillis(), TimeUnit.MILLISECONDS)
            ? super.poll(timeout)
            : ConsumerRecords.empty();
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }
}
