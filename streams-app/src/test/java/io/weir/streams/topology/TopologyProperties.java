package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.streams.testkit.WeirDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;

class TopologyProperties {
  private static final DomainRules RULES =
      RulesReader.standard()
          .read(
              "rules.yaml",
              """
              domain: api
              descriptors:
                - key: user_id
                  rate_limit: {unit: minute, requests_per_unit: 3}
                - key: user_id
                  value: admin
                  rate_limit: {unlimited: true}
                - key: ip
                  rate_limit: {unit: second, requests_per_unit: 1, algorithm: token_bucket}
              """);

  /** A record of the requests topic: a request, sensible or not, or bytes that are none. */
  private sealed interface Input {
    record Event(RequestEvent event, Duration offset) implements Input {}

    record Garbage(Bytes bytes) implements Input {}
  }

  /** Whatever comes: one decision for each request, and one dead letter for each that is bad. */
  @Property(tries = 60)
  void everyRequestGetsExactlyOneDecision(@ForAll("inputs") List<Input> inputs) {
    try (WeirDriver driver = WeirDriver.open()) {
      driver.rules(RULES);
      for (Input input : inputs) {
        if (input instanceof Input.Event request) {
          driver.request(request.event(), WeirDriver.START.plus(request.offset()));
          var decisions = driver.decisions();
          assertThat(decisions).hasSize(1);
          var decision = decisions.get(0).value();
          assertThat(decision.getRequestId()).isEqualTo(request.event().getRequestId());
          assertThat(decision.getDomain()).isEqualTo(request.event().getDomain());
          boolean invalid = decision.getReason() == Reason.INVALID_REQUEST;
          assertThat(invalid).isEqualTo(decision.getMessage() != null);
          assertThat(driver.deadLetters()).hasSize(invalid ? 1 : 0);
        } else if (input instanceof Input.Garbage poison) {
          driver.requestBytes(null, poison.bytes().get(), new RecordHeaders(), Instant.EPOCH);
          assertThat(driver.decisions()).isEmpty();
          assertThat(driver.deadLetters()).hasSize(1);
        }
      }
    }
  }

  @Provide
  Arbitrary<List<Input>> inputs() {
    // Bytes that begin with a zero could be of a schema that exists.
    Arbitrary<Input> bytes =
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMaxSize(64)
            .filter(array -> array.length == 0 || array[0] != 0)
            .map(array -> new Input.Garbage(Bytes.wrap(array)));
    Arbitrary<Input> events =
        Combinators.combine(
                Arbitraries.of("r-1", "r-2", ""),
                Arbitraries.frequency(Tuple.of(8, "api"), Tuple.of(1, "other"), Tuple.of(1, "")),
                attributes(),
                Arbitraries.longs().between(-1, 4),
                Arbitraries.frequency(
                    Tuple.of(8, Operation.CHECK),
                    Tuple.of(2, Operation.PEEK),
                    Tuple.of(1, Operation.RESET)),
                Arbitraries.longs().between(-700, 400).map(Duration::ofSeconds))
            .as(
                (id, domain, attributes, cost, operation, offset) ->
                    new Input.Event(
                        new RequestEvent(id, domain, attributes, cost, operation, null), offset));
    return Arbitraries.frequencyOf(Tuple.of(9, events), Tuple.of(1, bytes)).list().ofMaxSize(50);
  }

  private static Arbitrary<Map<String, String>> attributes() {
    return Combinators.combine(
            Arbitraries.of("", "1", "2", "admin", "none"), Arbitraries.of("none", "none", "::1"))
        .as(
            (user, ip) -> {
              Map<String, String> attributes = new HashMap<>();
              if (!user.equals("none")) {
                attributes.put("user_id", user);
              }
              if (!ip.equals("none")) {
                attributes.put("ip", ip);
              }
              return attributes;
            });
  }
}
