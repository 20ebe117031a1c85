package io.weir.streams.app;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.serde.StopSignal;
import io.weir.streams.store.UnreadableRowException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class FailureHandlingTest {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration OUTAGE_PAUSE = Duration.ofMillis(2);

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final List<ExitStatus> ends = new ArrayList<>();
  private final StopSignal stop = new StopSignal();
  private final ThreadFailureHandler handler =
      new ThreadFailureHandler(
          new FailureClassifier(Set.of(RegistryIsDown.class), Set.of(RowIsCorrupt.class)),
          new FailureBudget(2, WINDOW),
          () -> now,
          OUTAGE_PAUSE,
          stop,
          ends::add);

  @Test
  void aThreadThatFailsIsReplacedWithinTheBudget() {
    assertThat(handler.handle(new IllegalStateException("odd"))).isEqualTo(REPLACE_THREAD);
    assertThat(handler.handle(new IllegalStateException("odd"))).isEqualTo(REPLACE_THREAD);
    assertThat(ends).isEmpty();
  }

  @Test
  void threadsThatKeepFailingEndTheApplicationWithTheLastCause() {
    handler.handle(new IllegalStateException("odd"));
    handler.handle(new IllegalStateException("odd"));

    StreamThreadExceptionResponse third =
        handler.handle(new StreamsException("in task 0_1", new IllegalStateException("odder")));

    assertThat(third).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(ends)
        .containsExactly(
            ExitStatus.failed(
                "threads keep failing, more than 2 within 10 min; the last one by"
                    + " IllegalStateException: odder"));
    assertThat(ends.get(0).code()).isNotZero();
  }

  @Test
  void aFailureStopsCountingWhenTheWindowHasPassed() {
    handler.handle(new IllegalStateException("odd"));
    handler.handle(new IllegalStateException("odd"));
    now = now.plus(WINDOW).minusMillis(1);
    assertThat(new FailureBudget(0, WINDOW).spend(now)).isFalse();

    now = now.plusMillis(1);
    assertThat(handler.handle(new IllegalStateException("odd"))).isEqualTo(REPLACE_THREAD);
    assertThat(handler.handle(new IllegalStateException("odd"))).isEqualTo(REPLACE_THREAD);
    assertThat(handler.handle(new IllegalStateException("odd"))).isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void anOutageIsWaitedForAsLongAsItTakes() {
    long startNanos = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThat(handler.handle(new StreamsException("in task 0_1", new RegistryIsDown())))
          .isEqualTo(REPLACE_THREAD);
    }
    assertThat(handler.handle(new TimeoutException("no broker answers"))).isEqualTo(REPLACE_THREAD);
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
        .as("a thread that fails at once is not replaced in a tight loop")
        .isGreaterThanOrEqualTo(OUTAGE_PAUSE.multipliedBy(21));

    assertThat(ends).isEmpty();
  }

  @Test
  void anOutageThatAnotherSerdeWrapsIsWaitedForToo() {
    SerializationException wrapped =
        new SerializationException(
            "error retrieving schema", new RuntimeException(new ConnectException("refused")));
    for (int i = 0; i < 20; i++) {
      assertThat(handler.handle(new StreamsException("in task 0_1", wrapped)))
          .isEqualTo(REPLACE_THREAD);
    }
    assertThat(ends).isEmpty();
  }

  @Test
  void aBrokerWhoseCertificateIsRefusedIsNoOutage() {
    assertThat(
            handler.handle(
                new StreamsException(
                    new SslAuthenticationException("handshake", new SSLException("unknown CA")))))
        .isEqualTo(SHUTDOWN_CLIENT);
    assertThat(message()).contains("check the credentials");
  }

  @Test
  void whatFailsBecauseTheApplicationStopsIsNoFailure() {
    stop.give();
    for (int i = 0; i < 5; i++) {
      assertThat(handler.handle(new IllegalStateException("closed"))).isEqualTo(REPLACE_THREAD);
      assertThat(handler.handle(new RowIsCorrupt())).isEqualTo(REPLACE_THREAD);
    }
    assertThat(ends).isEmpty();
  }

  @Test
  void theThreadThatReadsTheRulesIsNotReplacedWhileTheApplicationStopsEither()
      throws InterruptedException {
    stop.give();

    assertThat(onGlobalThread(new IllegalStateException("closed"))).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(ends).isEmpty();
  }

  @Test
  void aCorruptRowEndsTheApplicationAtOnce() {
    assertThat(handler.handle(new StreamsException("in task 0_1", new RowIsCorrupt())))
        .isEqualTo(SHUTDOWN_CLIENT);

    assertThat(message())
        .isEqualTo("RowIsCorrupt: version 99; Weir stops rather than hand out a limit twice");
  }

  @Test
  void theApplicationKnowsItsOwnExceptions() {
    FailureClassifier standard = FailureClassifier.standard();
    UnreadableRowException unreadable =
        new UnreadableRowException("weir-limits", "a|#", new IllegalStateException("version 99"));

    assertThat(standard.classify(new StreamsException(unreadable)).kind())
        .isEqualTo(Failure.Kind.FATAL);
    assertThat(standard.classify(new IllegalStateException("odd")).kind())
        .isEqualTo(Failure.Kind.PASSING);
  }

  @Test
  void missingRightsEndTheApplicationAtOnceAndAreNamed() {
    handler.handle(new StreamsException(new TopicAuthorizationException(Set.of("weir.decisions"))));
    assertThat(message()).contains("weir.decisions").contains("Kafka refuses this");
  }

  @Test
  void wrongCredentialsEndTheApplicationAtOnce() {
    assertThat(handler.handle(new SaslAuthenticationException("wrong password")))
        .isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void aMissingTopicEndsTheApplicationAtOnce() {
    handler.handle(new MissingSourceTopicException("One or more source topics were missing"));
    assertThat(message()).contains("create the topics with ./weir topics apply");
  }

  @Test
  void anInternalTopicOfAnotherSizeEndsTheApplicationAtOnce() {
    handler.handle(
        new StreamsException(
            "Existing internal topic weir-weir-limits-changelog has invalid partitions: expected:"
                + " 4; actual: 2."));
    assertThat(message()).contains("weir-weir-limits-changelog").contains("./weir topics check");
  }

  @Test
  void memoryThatHasRunOutEndsTheApplicationAtOnce() {
    assertThat(handler.handle(new OutOfMemoryError("Java heap space"))).isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void theThreadThatReadsTheRulesCannotBeReplaced() throws InterruptedException {
    assertThat(onGlobalThread(new IllegalStateException("odd"))).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(message()).startsWith("the thread that reads the rules failed: ");
  }

  @Test
  void aCircleOfCausesIsNotFollowedForEver() {
    Exception first = new IllegalStateException("first");
    Exception second = new IllegalStateException("second", first);
    first.initCause(second);

    assertThat(handler.handle(second)).isEqualTo(REPLACE_THREAD);
  }

  private StreamThreadExceptionResponse onGlobalThread(Throwable exception)
      throws InterruptedException {
    AtomicReference<StreamThreadExceptionResponse> response = new AtomicReference<>();
    Thread global =
        new Thread(() -> response.set(handler.handle(exception)), "weir-1-GlobalStreamThread");
    global.start();
    global.join();
    return Objects.requireNonNull(response.get());
  }

  private String message() {
    assertThat(ends).hasSize(1);
    return ends.get(0).message().orElseThrow();
  }

  private static final class RegistryIsDown extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class RowIsCorrupt extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RowIsCorrupt() {
      super("version 99");
    }
  }
}
