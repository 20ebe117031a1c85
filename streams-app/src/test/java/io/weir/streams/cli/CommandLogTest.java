package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLogTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"io.weir.streams.serde.Outage", "org.apache.kafka.clients.NetworkClient", "other"})
  void aCommandLogsNothingUnlessItIsAskedTo(String name) {
    LoggerContext loggers = new LoggerContext();

    CommandLog.limit(loggers, false);
    assertThat(loggers.getLogger(name).isErrorEnabled()).isFalse();

    CommandLog.limit(loggers, true);
    assertThat(loggers.getLogger(name).isWarnEnabled()).isTrue();
    assertThat(loggers.getLogger(name).isInfoEnabled()).isFalse();
  }
}
