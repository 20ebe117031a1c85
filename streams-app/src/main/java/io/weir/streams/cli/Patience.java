package io.weir.streams.cli;

import io.weir.streams.config.SecretNames;
import io.weir.streams.config.Setting;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/** Tells who waits for a command whom it waits for, and at the end who did not answer. */
public final class Patience {
  private static final Duration SILENCE = Duration.ofSeconds(4);

  private final String brokers;
  private final String asked;
  private final PrintWriter err;
  private final Duration silence;

  Patience(String brokers, String asked, PrintWriter err, Duration silence) {
    this.brokers = brokers;
    this.asked = asked;
    this.err = err;
    this.silence = silence;
  }

  /** With Kafka alone. */
  public static Patience withKafka(Settings settings, PrintWriter err) {
    String brokers = shown(settings, WeirSettings.BOOTSTRAP_SERVERS);
    return new Patience(brokers, "Kafka at " + brokers, err, SILENCE);
  }

  /** With Kafka and the schema registry. */
  public static Patience withBoth(Settings settings, PrintWriter err) {
    String brokers = shown(settings, WeirSettings.BOOTSTRAP_SERVERS);
    return new Patience(
        brokers,
        "Kafka at "
            + brokers
            + " or the schema registry at "
            + shown(settings, WeirSettings.SCHEMA_REGISTRY_URL),
        err,
        SILENCE);
  }

  /**
   * Does what may have to wait, and says so where it does for more than a few seconds.
   *
   * @throws CommandFailure if it fails
   */
  public <T> T during(Supplier<T> work) {
    try (WaitNotice unused = new WaitNotice(silence, this::sayWaiting)) {
      return work.get();
    } catch (KafkaException e) {
      throw named(KafkaFailures.explain(e));
    } catch (CommandFailure e) {
      throw named(e);
    }
  }

  private void sayWaiting() {
    err.println("waiting for an answer of " + asked);
    err.flush();
  }

  /** Kafka's clients do not say whom they asked. */
  private CommandFailure named(CommandFailure failure) {
    if (KafkaTimeouts.NO_ANSWER.equals(failure.getMessage())) {
      return new CommandFailure(
          KafkaTimeouts.NO_ANSWER + " at " + brokers, KafkaTimeouts.WHETHER_IT_RUNS, failure);
    }
    if (failure.getCause() instanceof ConfigException config
        && String.valueOf(config.getMessage()).contains("resolvable bootstrap")) {
      return new CommandFailure(
          "there is no such host as in " + brokers, KafkaTimeouts.WHETHER_IT_RUNS, failure);
    }
    return failure;
  }

  private static String shown(Settings settings, Setting<String> setting) {
    return SecretNames.show(setting.name(), settings.get(setting));
  }
}
