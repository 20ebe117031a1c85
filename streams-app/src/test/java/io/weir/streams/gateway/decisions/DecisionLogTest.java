package io.weir.streams.gateway.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.Decision;
import io.weir.streams.gateway.LogLines;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.topology.DecidedRequest;
import io.weir.streams.topology.DecisionRecords;
import io.weir.streams.topology.WeirSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class DecisionLogTest {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final HesitantProducer producer = new HesitantProducer(true);
  private final Serializer<DecidedRequest> serializer =
      WeirSerdes.from(AvroSerdes.over(new InProcessSchemaRegistryClient())).decided();
  private final List<DecisionLog> started = new ArrayList<>();

  @AfterEach
  void closeLogs() {
    producer.letGo();
    started.forEach(DecisionLog::close);
  }

  @Test
  void decisionsAreWrittenInTheOrderInWhichTheyCome() {
    DecisionLog log = start(producer, serializer, 1_000, CLOSE_TIMEOUT);
    for (int i = 0; i < 100; i++) {
      decide(log, i);
    }

    await().until(() -> written() == 100);
    assertThat(ids(producer)).isEqualTo(names(0, 100));
    assertThat(lost("full") + lost("failed") + lost("closed")).isZero();
  }

  @Test
  void whatDoesNotFitIsDroppedAndCountedAndNobodyIsHeldUp() throws InterruptedException {
    DecisionLog log = start(producer.hold(), serializer, 10, CLOSE_TIMEOUT);
    decide(log, 0);
    producer.awaitHeld();

    // Would never come to its end if somebody were held up.
    for (int i = 1; i < 100; i++) {
      decide(log, i);
    }

    assertThat(lost("full")).isEqualTo(89);
    assertThat(meters.get("weir.gateway.decisions.waiting").gauge().value()).isEqualTo(10);
    producer.letGo();
    await().until(() -> written() == 11);
    assertThat(ids(producer)).isEqualTo(names(0, 11));
    assertThat(meters.get("weir.gateway.decisions.waiting").gauge().value()).isZero();
  }

  @Test
  void whatTheBrokersDoNotTakeAfterAllIsCounted() {
    HesitantProducer slow = new HesitantProducer(false);
    DecisionLog log = start(slow, serializer, 10, CLOSE_TIMEOUT);
    decide(log, 0);
    decide(log, 1);
    await().until(() -> slow.history().size() == 2);
    assertThat(written()).isZero();

    slow.errorNext(new TimeoutException("Expiring 1 record(s)"));
    slow.completeNext();

    assertThat(lost("failed")).isEqualTo(1);
    assertThat(written()).isEqualTo(1);
  }

  static Stream<RuntimeException> obstacles() {
    return Stream.of(
        new TimeoutException("Topic decisions not present in metadata after 5000 ms."),
        new NotLeaderOrFollowerException("moved"),
        new TopicAuthorizationException("decisions"));
  }

  @ParameterizedTest
  @MethodSource("obstacles")
  void whileTheBrokersAreAwayOrRefuseTheSameDecisionIsTriedAgain(RuntimeException obstacle) {
    DecisionLog log = start(producer, serializer, 1_000, CLOSE_TIMEOUT);
    producer.refuse(obstacle, obstacle);

    decide(log, 0);
    decide(log, 1);

    await().until(() -> written() == 2);
    assertThat(ids(producer)).isEqualTo(names(0, 2));
    assertThat(lost("failed")).isZero();
  }

  @Test
  void whileNothingCanBeWrittenTheLogSaysWhy() {
    DecisionLog log = start(producer, serializer, 1_000, CLOSE_TIMEOUT);
    assertThat(log.trouble()).isEmpty();
    RuntimeException[] obstacles = new RuntimeException[50];
    Arrays.fill(obstacles, new TopicAuthorizationException("Not authorized: decisions"));
    producer.refuse(obstacles);

    decide(log, 0);

    await().untilAsserted(() -> assertThat(log.trouble()).hasValue("Not authorized: decisions"));
    assertThat(stalled()).isEqualTo(1);
    producer.accept();
    await().until(() -> written() == 1);
    assertThat(log.trouble()).isEmpty();
    assertThat(stalled()).isZero();
  }

  @Test
  void whatTheBrokersLetExpireIsTroubleUntilTheyConfirmSomething() {
    HesitantProducer slow = new HesitantProducer(false);
    DecisionLog log = start(slow, serializer, 10, CLOSE_TIMEOUT);
    decide(log, 0);
    decide(log, 1);
    await().until(() -> slow.history().size() == 2);

    slow.errorNext(new TimeoutException("Expiring 1 record(s)"));
    assertThat(log.trouble()).hasValue("Expiring 1 record(s)");
    slow.completeNext();
    assertThat(log.trouble()).isEmpty();
  }

  @Test
  void aDecisionThatIsTooLargeIsCountedAndHoldsUpNoOther() {
    DecisionLog log = start(producer, serializer, 1_000, CLOSE_TIMEOUT);
    producer.refuse(new RecordTooLargeException("1 MB"));

    decide(log, 0);
    decide(log, 1);

    await().until(() -> written() == 1);
    assertThat(ids(producer)).isEqualTo(names(1, 2));
    assertThat(lost("failed")).isEqualTo(1);
    assertThat(log.trouble()).as("others are written").isEmpty();
  }

  @Test
  void aDecisionThatCannotBeEncodedIsCountedAndHoldsUpNoOther() {
    Deque<Throwable> failures =
        new ArrayDeque<>(
            List.of(
                new SerializationException("no such field"),
                new NoClassDefFoundError("of a serde of the user's"),
                new AssertionError("a bug")));
    DecisionLog log = start(producer, failing(failures), 10, CLOSE_TIMEOUT);

    IntStream.range(0, 4).forEach(i -> decide(log, i));

    await().until(() -> written() == 1);
    assertThat(ids(producer)).isEqualTo(names(3, 4));
    assertThat(lost("failed")).isEqualTo(3);
  }

  /** As where whoever writes the log's own lines fails. */
  @Test
  void afterAFaultThatNobodyExpectsTheLogGoesOnAndSaysSoOnce() {
    Deque<Throwable> failures = new ArrayDeque<>(List.of(new Unspeakable(), new Unspeakable()));
    try (LogLines lines = new LogLines(LostDecisions.class)) {
      DecisionLog log = start(producer, failing(failures), 10, CLOSE_TIMEOUT);

      IntStream.range(0, 4).forEach(i -> decide(log, i));

      await().until(() -> written() == 2);
      assertThat(ids(producer)).isEqualTo(names(2, 4));
      assertThat(lost("failed")).isEqualTo(2);
      assertThat(log.trouble()).isEmpty();
      assertThat(lines.lines())
          .filteredOn(line -> line.startsWith("ERROR"))
          .containsExactly("ERROR The log of the gateway's decisions met a fault, and goes on");
    }
  }

  /** A failure that cannot be told. */
  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("it cannot be told");
    }
  }

  @Test
  void whileTheRegistryIsAwayDecisionsWait() {
    Deque<Throwable> failures = new ArrayDeque<>(List.of(new TimeoutException("registry")));
    DecisionLog log = start(producer, failing(failures), 10, CLOSE_TIMEOUT);

    IntStream.range(0, 3).forEach(i -> decide(log, i));

    await().until(() -> written() == 3);
    assertThat(ids(producer)).isEqualTo(names(0, 3));
  }

  @Test
  void closingWritesWhatWaits() throws InterruptedException {
    DecisionLog log = start(producer.hold(), serializer, 100, CLOSE_TIMEOUT);
    IntStream.range(0, 50).forEach(i -> decide(log, i));
    producer.awaitHeld();
    Thread closing = new Thread(log::close);
    closing.start();
    producer.letGo();
    closing.join();

    assertThat(written()).isEqualTo(50);
    assertThat(producer.closed()).isTrue();
  }

  @Test
  void closingIsBoundedAndCountsWhatIsLeft() throws InterruptedException {
    DecisionLog log = start(producer.hold(), serializer, 100, Duration.ofMillis(50));
    IntStream.range(0, 50).forEach(i -> decide(log, i));
    producer.awaitHeld();

    // Nobody ever lets go.
    log.close();
    decide(log, 50);

    assertThat(lost("closed")).isEqualTo(51);
    assertThat(written()).isZero();
    assertThat(producer.closed()).isTrue();
  }

  @Test
  void closingHasOnlyTheTimeThatOthersLeft() throws InterruptedException {
    AtomicLong nanos = new AtomicLong();
    StopTime time = new StopTime(Duration.ofHours(1), nanos::get);
    DecisionLog log =
        DecisionLog.start(
            new DecisionRecords("decisions", serializer), producer.hold(), 10, time, meters);
    decide(log, 0);
    producer.awaitHeld();
    assertThat(time.left()).isEqualTo(Duration.ofHours(1));
    nanos.addAndGet(Duration.ofHours(1).toNanos());

    // Nobody ever lets go.
    log.close();

    assertThat(lost("closed")).isEqualTo(1);
  }

  @Test
  void closingDoesNotWaitForARegistryThatIsAway() {
    DecisionLog log =
        start(
            producer,
            (topic, value) -> {
              throw new TimeoutException("registry");
            },
            100,
            Duration.ofMillis(50));
    IntStream.range(0, 5).forEach(i -> decide(log, i));

    log.close();

    assertThat(lost("closed")).isEqualTo(5);
  }

  /** However the end falls among them, each decision is written or counted as lost. */
  @Test
  void noDecisionGoesUncountedWhileTheLogIsClosed() throws InterruptedException {
    DecisionLog log = start(producer, serializer, 50, CLOSE_TIMEOUT);
    int callers = 4;
    int each = 2_000;
    AtomicInteger next = new AtomicInteger();
    CountDownLatch half = new CountDownLatch(callers * each / 2);
    List<Thread> threads =
        Stream.generate(
                () ->
                    new Thread(
                        () -> {
                          for (int i = 0; i < each; i++) {
                            decide(log, next.getAndIncrement());
                            half.countDown();
                          }
                        }))
            .limit(callers)
            .toList();
    threads.forEach(Thread::start);
    half.await();

    log.close();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(written()).isEqualTo(producer.history().size());
    assertThat(written() + lost("full") + lost("failed") + lost("closed"))
        .isEqualTo((long) callers * each);
    assertThat(lost("failed")).isZero();
  }

  private DecisionLog start(
      HesitantProducer itsProducer,
      Serializer<DecidedRequest> itsSerializer,
      int maxWaiting,
      Duration closeTimeout) {
    DecisionLog log =
        DecisionLog.start(
            new DecisionRecords("decisions", itsSerializer),
            itsProducer,
            maxWaiting,
            StopTime.of(closeTimeout),
            meters);
    started.add(log);
    return log;
  }

  /** Fails so often, and then encodes. */
  private Serializer<DecidedRequest> failing(Deque<Throwable> failures) {
    return (topic, value) -> {
      Throwable failure = failures.poll();
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      return serializer.serialize(topic, value);
    };
  }

  private static void decide(DecisionLog log, int number) {
    log.decided(
        new DecidedRequest("r-" + number, "api", Decision.invalid("no domain", number, number)));
  }

  private long written() {
    return (long) meters.get("weir.gateway.decisions.written").counter().count();
  }

  private double stalled() {
    return meters.get("weir.gateway.decisions.stalled").gauge().value();
  }

  private long lost(String reason) {
    return (long) meters.get("weir.gateway.decisions.lost").tag("reason", reason).counter().count();
  }

  private static List<String> ids(HesitantProducer producer) {
    return producer.history().stream()
        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
        .toList();
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "r-" + i).toList();
  }
}
