package io.weir.streams.topology;

import static io.weir.streams.testkit.RequestPart.cost;
import static io.weir.streams.testkit.RequestPart.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.Reason;
import io.weir.streams.testkit.WeirDriver;
import io.weir.streams.testkit.WeirTestKit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RulesTopicTest {

  @Test
  void raisedLimitKeepsWhatWasUsed() {
    try (WeirTestKit weir = WeirTestKit.given(fixedWindow(5))) {
      weir.request(user("42"), cost(5)).isAllowed();
      weir.apply(fixedWindow(8)).request(user("42")).isAllowed().hasRemaining(2);
    }
  }

  @Test
  void loweredLimitKeepsWhatWasUsed() {
    try (WeirTestKit weir = WeirTestKit.given(fixedWindow(5))) {
      weir.request(user("42"), cost(3)).isAllowed();
      weir.apply(fixedWindow(3)).request(user("42")).isDenied();
      weir.after(Duration.ofMinutes(1)).request(user("42")).isAllowed().hasRemaining(2);
    }
  }

  @Test
  void deletedRulesThatComeBackFindTheirRows() {
    try (WeirTestKit weir = WeirTestKit.given(fixedWindow(5))) {
      weir.request(user("42"), cost(4)).isAllowed();
      weir.deleteRules("api").request(user("42")).isAllowed().hasReason(Reason.NO_RULE);
      weir.apply(fixedWindow(5)).request(user("42"), cost(2)).isDenied().hasRemaining(1);
    }
  }

  @Test
  void anotherAlgorithmStartsAfresh() {
    try (WeirTestKit weir = WeirTestKit.given(fixedWindow(5))) {
      weir.request(user("42"), cost(5)).isAllowed();
      weir.apply(fixedWindow(5).replace("{unit:", "{algorithm: token_bucket, unit:"));
      weir.request(user("42"), cost(5)).isAllowed();
      weir.request(user("42")).isDenied();
    }
  }

  @Test
  void rulesOfOneDomainLeaveTheOthersAlone() {
    try (WeirTestKit weir = WeirTestKit.given(fixedWindow(5))) {
      weir.apply(fixedWindow(1).replace("api", "mail"));
      weir.request(user("42"), cost(5)).isAllowed();
      weir.deleteRules("mail").request(user("43"), cost(5)).isAllowed().hasRemaining(0);
    }
  }

  @Test
  void badRecordIsSkippedAndTheRulesStayAsTheyWere() {
    try (WeirDriver driver = WeirDriver.open()) {
      DomainRules good = RulesReader.standard().read("rules.yaml", fixedWindow(5));
      driver.rules(good);
      byte[] goodBytes = bytesOf(driver, good);
      List<byte[]> keys = new ArrayList<>();
      List<byte[]> values = new ArrayList<>();
      addBad(keys, values, utf8("api"), utf8("not Avro"));
      addBad(keys, values, utf8("api"), new byte[0]);
      addBad(keys, values, utf8("mail"), goodBytes); // the key is not the domain
      addBad(keys, values, null, goodBytes);
      addBad(
          keys,
          values,
          utf8("api"),
          driver
              .setup()
              .serdes()
              .rules()
              .serializer()
              .serialize("weir.rules", new io.weir.schemas.DomainRules("", null, List.of())));
      for (int i = 0; i < keys.size(); i++) {
        driver.rulesBytes(keys.get(i), values.get(i));
        assertThat(driver.rulesInForce().domains()).as("after bad record %d", i).hasSize(1);
        assertThat(driver.rulesInForce().find("api")).as("after bad record %d", i).contains(good);
      }
      assertThat(driver.meters().get("weir.rules.rejected").counter().count())
          .isEqualTo(keys.size());
      assertThat(driver.meters().get("weir.rules.loaded").counter().count()).isEqualTo(1);
      driver.rules(RulesReader.standard().read("rules.yaml", fixedWindow(6)));
      assertThat(driver.rulesInForce().find("api").orElseThrow().revision())
          .as("the offset, bad records counted")
          .isEqualTo(keys.size() + 1);
    }
  }

  @Test
  void deletingRulesThatAreNotThereDoesNothing() {
    try (WeirDriver driver = WeirDriver.open()) {
      driver.deleteRules("nobody");
      assertThat(driver.rulesInForce().domains()).isEmpty();
      assertThat(driver.meters().get("weir.rules.rejected").counter().count()).isZero();
    }
  }

  @Test
  void loadingWaitsWhileTheRegistryIsDown() {
    AtomicInteger failures = new AtomicInteger(3);
    List<Integer> pauses = new ArrayList<>();
    try (WeirDriver driver =
        WeirDriver.open(
            setup -> {
              WeirSerdes serdes = setup.serdes();
              return setup
                  .registryRetry(pauses::add)
                  .serdes(
                      new WeirSerdes(
                          serdes.requests(),
                          serdes.decisions(),
                          serdes.decided(),
                          serdes.checks(),
                          serdes.requestChecks(),
                          serdes.answers(),
                          serdes.joins(),
                          serdes.releases(),
                          failing(serdes.rules(), failures)));
            })) {
      driver.rules(RulesReader.standard().read("rules.yaml", fixedWindow(5)));
      assertThat(pauses).containsExactly(1, 2, 3);
      assertThat(driver.rulesInForce().find("api")).isPresent();
      assertThat(driver.meters().get("weir.rules.rejected").counter().count()).isZero();
    }
  }

  private static Serde<io.weir.schemas.DomainRules> failing(
      Serde<io.weir.schemas.DomainRules> serde, AtomicInteger failures) {
    return Serdes.serdeFrom(
        serde.serializer(),
        (topic, bytes) -> {
          if (failures.getAndDecrement() > 0) {
            throw new TimeoutException("the registry does not answer");
          }
          return serde.deserializer().deserialize(topic, bytes);
        });
  }

  private static void addBad(
      List<byte[]> keys, List<byte[]> values, byte @Nullable [] key, byte[] value) {
    keys.add(key);
    values.add(value);
  }

  private static byte[] bytesOf(WeirDriver driver, DomainRules rules) {
    return driver
        .setup()
        .serdes()
        .rules()
        .serializer()
        .serialize(
            "weir.rules",
            new io.weir.streams.rules.RulesConverter(driver.setup().algorithms())
                .toRecord(rules, java.util.Optional.empty()));
  }

  private static String fixedWindow(int requests) {
    return """
        domain: api
        descriptors:
          - key: user_id
            rate_limit: {unit: minute, requests_per_unit: %d}
        """
        .formatted(requests);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
