package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RealBroker.class)
class SendIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;
  private final KafkaProcess kafka;
  private final RegistryProcess registry;

  SendIT(KafkaProcess kafka, RegistryProcess registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  @Test
  void whoStopsItLearnsHowManyWereSent() throws IOException, InterruptedException {
    RealWeir weir = RealWeir.in(directory, kafka, registry);
    weir.commands().run("topics", "apply", "--replicas", "1");
    Path log = directory.resolve("send.log");
    Process send =
        RunProcess.launch(
            log,
            weir.environment(),
            "send -d api user_id=42 --count 1000000 --rate 20 --json".split(" "));
    await().atMost(PATIENCE).until(() -> arrivals(log) >= 3);

    send.destroy();

    assertThat(send.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(send.exitValue()).isEqualTo(143);
    List<String> lines = Files.readAllLines(log);
    assertThat(lines)
        .last()
        .isEqualTo("stopped: sent " + arrivals(log) + " requests to " + weir.name() + ".requests");
  }

  private static long arrivals(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.startsWith("{\"request_id"))
        .count();
  }
}
