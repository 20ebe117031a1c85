package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.RequestEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestSenderTest {
  private static final RequestEvent REQUEST =
      new RequestEvent("r", "api", Map.of(), 1L, io.weir.schemas.Operation.CHECK, null);

  private final MockProducer<@Nullable String, RequestEvent> producer =
      new MockProducer<>(
          false,
          null,
          new StringSerializer(),
          (topic, event) -> event.getRequestId().getBytes(StandardCharsets.UTF_8));
  private final RequestSender sender =
      new RequestSender(producer, "requests", request -> Optional.empty(), (event, where) -> {});

  @Test
  void aStopWaitsForWhatIsUnderWayAndSendsNoMore() {
    sender.send(REQUEST);
    sender.send(REQUEST);
    assertThat(sender.sent()).isZero();

    sender.stop();
    sender.send(REQUEST);

    assertThat(sender.isStopped()).isTrue();
    assertThat(sender.sent()).isEqualTo(2);
    assertThat(producer.history()).hasSize(2);
  }

  @Test
  void onlyTheFirstRequestAndTheEndAreWaitedForAloud() {
    List<String> waits = new ArrayList<>();
    PatientSender patient =
        new PatientSender(
            sender,
            work -> {
              waits.add("first");
              work.run();
            },
            work -> {
              waits.add("end");
              work.run();
            });

    patient.send(REQUEST);
    patient.send(REQUEST);
    patient.send(REQUEST);
    assertThat(waits).containsExactly("first");
    assertThat(sender.sent()).isZero();
    patient.finish();

    assertThat(waits).containsExactly("first", "end");
    assertThat(sender.sent()).isEqualTo(3);
  }
}
