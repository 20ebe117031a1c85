package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.Decision;
import io.weir.schemas.RequestEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class AvroSerializerTest {
  private final CountingRegistry registry = new CountingRegistry();
  private final AvroSerializer<RequestEvent> serializer =
      AvroSerializer.of(RequestEvent.class, registry, true);

  @Test
  void bytesAreAZeroTheSchemaIdAndTheAvroBinary() {
    registry.register("other-value", Samples.OLDER_REQUEST);
    RequestEvent event = Samples.request("r-1");

    assertThat(serializer.serialize("requests", event))
        .startsWith(0, 0, 0, 0, 2)
        .isEqualTo(Samples.wire(2, Samples.avro(event)));
  }

  @Test
  void timestampsAreWrittenAsMilliseconds() {
    var decisions = AvroSerializer.of(Decision.class, registry, true);

    assertThat(decisions.serialize("decisions", Samples.decision()))
        .isEqualTo(Samples.wire(1, Samples.avro(Samples.decision())));
  }

  @Test
  void theSchemaIsRegisteredUnderTheTopicsValueSubject() {
    serializer.serialize("requests", Samples.request("r-1"));

    assertThat(registry.idOf("requests-value", RegisteredForm.of(RequestEvent.getClassSchema())))
        .isEqualTo(1);
  }

  @Test
  void theRegistryIsAskedOncePerTopic() {
    for (int i = 0; i < 5; i++) {
      serializer.serialize("requests", Samples.request("r-" + i));
      serializer.serialize("requests-eu", Samples.request("r-" + i));
    }

    assertThat(registry.questions()).isEqualTo(2);
  }

  @Test
  void moreTopicsThanAreRememberedAreWrittenAllTheSame() {
    for (int i = 0; i < 1_500; i++) {
      assertThat(serializer.serialize("requests-" + i, Samples.request("r"))).isNotEmpty();
    }
  }

  @Test
  void withoutAutoRegistrationASchemaThatIsNotThereIsRefused() {
    var strict = AvroSerializer.of(RequestEvent.class, registry, false);

    assertThatThrownBy(() -> strict.serialize("requests", Samples.request("r-1")))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("requests-value");

    serializer.serialize("requests", Samples.request("r-1"));
    assertThat(strict.serialize("requests", Samples.request("r-1")))
        .isEqualTo(serializer.serialize("requests", Samples.request("r-1")));
  }

  @Test
  void aTombstoneStaysATombstone() {
    assertThat(serializer.serialize("requests", null)).isNull();
    assertThat(registry.questions()).isZero();
  }

  @Test
  @SuppressWarnings("NullAway") // The mistake that is tested.
  void aRecordThatBreaksItsSchemaIsRefusedAndTheNextOneIsWritten() {
    RequestEvent broken = new RequestEvent();
    broken.put("request_id", "r-1");

    assertThatThrownBy(() -> serializer.serialize("requests", broken))
        .isInstanceOf(SerializationException.class)
        .hasMessageStartingWith("RequestEvent for requests cannot be written");

    RequestEvent event = Samples.request("r-2");
    assertThat(serializer.serialize("requests", event))
        .isEqualTo(Samples.wire(1, Samples.avro(event)));
  }

  @Test
  void aLargeRecordDoesNotSpoilTheNextOne() {
    RequestEvent large =
        RequestEvent.newBuilder(Samples.request("r-1"))
            .setAttributes(Map.of("user_id", "x".repeat(300_000)))
            .build();
    assertThat(serializer.serialize("requests", large))
        .isEqualTo(Samples.wire(1, Samples.avro(large)));

    RequestEvent small = Samples.request("r-2");
    assertThat(serializer.serialize("requests", small))
        .isEqualTo(Samples.wire(1, Samples.avro(small)));
  }

  @Test
  void manyThreadsShareASerializer() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<byte[]>> tasks =
          IntStream.range(0, 2_000)
              .mapToObj(
                  i ->
                      (Callable<byte[]>)
                          () -> serializer.serialize("requests", Samples.request("r-" + i)))
              .toList();
      List<Future<byte[]>> written = threads.invokeAll(tasks);
      for (int i = 0; i < written.size(); i++) {
        assertThat(written.get(i).get())
            .isEqualTo(Samples.wire(1, Samples.avro(Samples.request("r-" + i))));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void keysAreRefused() {
    assertThatThrownBy(() -> serializer.configure(Map.of(), true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Avro is for values");
  }
}
