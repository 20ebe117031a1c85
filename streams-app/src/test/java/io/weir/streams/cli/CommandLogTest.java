package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.weir.streams.serde.Outage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLogTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"io.weir.streams.store.Expiry", "org.apache.kafka.clients.NetworkClient", "other"})
  void aCommandLogsNothingUnlessItIsAskedTo(String name) {
    LoggerContext loggers = new LoggerContext();

    CommandLog.limit(loggers, false);
    assertThat(loggers.getLogger(name).isErrorEnabled()).isFalse();

    CommandLog.limit(loggers, true);
    assertThat(loggers.getLogger(name).isWarnEnabled()).isTrue();
    assertThat(loggers.getLogger(name).isInfoEnabled()).isFalse();
  }

  @Test
  void aCommandTellsThatItWaitsForTheRegistryEvenSo() {
    LoggerContext loggers = new LoggerContext();
    loggers.setMDCAdapter(new LogbackMDCAdapter());
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      CommandLog.limit(loggers, false);
      loggers.getLogger(Outage.class).warn("schema registry unavailable: {}", "gone");
      loggers.getLogger(Outage.class).info("schema registry answers again");
    } finally {
      System.setErr(err);
    }

    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("warning: schema registry unavailable: gone");
  }
}
