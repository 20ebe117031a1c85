package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Decision;
import io.weir.schemas.LimitCheck;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that come three times, in flight, after a restart, and after a restore: with one, two
 * and three identifiers, exactly once.
 */
@ExtendWith(RealBroker.class)
class DuplicatesIT {
  private static final int REQUESTS = 1_500;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachEventHasADecisionAndEachRequestIsChargedOnce(
      boolean isKeyed, KafkaProcess kafka, RegistryProcess registry, @TempDir Path stateDir)
      throws Exception {
    RunningWeir weir =
        RunningWeir.create(
            kafka,
            registry,
            stateDir,
            Map.of("duplicates.horizon", "10m", "input.keyed", String.valueOf(isKeyed)));
    weir.applyRules(SeveralTraffic.RULES);
    RequestSource requests = SeveralTraffic::request;
    RequestSource sent = isKeyed ? requests.keyedBy(SeveralTraffic::firstIdentifier) : requests;
    try (WeirApplication first = weir.start()) {
      Batch.send(weir, sent, 0, REQUESTS);
      Batch.send(weir, sent, 0, REQUESTS);
      first.close();
      assertThat(first.exit().join().code()).isZero();
    }
    weir.deleteState();
    try (WeirApplication restored = weir.start()) {
      Batch.send(weir, sent, 0, REQUESTS);
      weir.awaitDecisions(3 * REQUESTS);
      assertThat(restored.exit()).isNotDone();
    }

    Map<String, List<Decision>> decisions = decisions(weir);
    Map<String, Long> checks = checks(weir);
    assertThat(decisions).hasSize(REQUESTS);
    for (RequestEvent request : requests(weir).values()) {
      List<Decision> answers = Objects.requireNonNull(decisions.get(request.getRequestId()));
      assertThat(answers).as("of %s", request).hasSize(3);
      if (request.getOperation() == Operation.PEEK) {
        assertThat(answers).noneMatch(Decision::getDuplicate);
        continue;
      }
      List<Decision> originals =
          answers.stream().filter(decision -> !decision.getDuplicate()).toList();
      assertThat(originals).as("first decisions of %s", request).hasSize(1);
      Decision repeated = Decision.newBuilder(originals.get(0)).setDuplicate(true).build();
      assertThat(answers).filteredOn(Decision::getDuplicate).containsOnly(repeated);
      int identifiers = request.getAttributes().size() - 1;
      if (identifiers > 1) {
        assertThat(checks.get(request.getRequestId()))
            .as("checks of %s", request)
            .isEqualTo(identifiers);
      }
    }
  }

  private static Map<String, RequestEvent> requests(RunningWeir weir) {
    Map<String, RequestEvent> requests = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.topicName("requests"))) {
      RequestEvent request = weir.request(record);
      requests.put(request.getRequestId(), request);
    }
    return requests;
  }

  private static Map<String, List<Decision>> decisions(RunningWeir weir) {
    Map<String, List<Decision>> decisions = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.topicName("decisions"))) {
      Decision decision = weir.decision(record);
      decisions.computeIfAbsent(decision.getRequestId(), id -> new ArrayList<>()).add(decision);
    }
    return decisions;
  }

  private static Map<String, Long> checks(RunningWeir weir) {
    Map<String, Long> checks = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.checksTopic())) {
      LimitCheck check = weir.check(record);
      checks.merge(check.getRequestId(), 1L, Long::sum);
    }
    return checks;
  }
}
