package io.weir.streams.cli;

import io.weir.streams.config.SecretNames;
import io.weir.streams.config.Setting;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/** Tells who waits for a command whom it waits for, and at the end who did not answer. */
public final class Patience {
  /** Longer than a broker that is there takes to answer. */
  private static final Duration SILENCE = Duration.ofSeconds(4);

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  private final Optional<String> brokers;
  private final Supplier<WaitNotice> notices;

  /**
   * Patience with whoever is waited for.
   *
   * @param brokers the brokers, if any are asked: failures of Kafka's clients do not name them
   * @param notices tell once the wait is long
   */
  Patience(Optional<String> brokers, Supplier<WaitNotice> notices) {
    this.brokers = brokers;
    this.notices = notices;
  }

  /** With Kafka alone. */
  public static Patience withKafka(Settings settings, PrintWriter err) {
    String brokers = shown(settings, WeirSettings.BOOTSTRAP_SERVERS);
    return saidOnce(Optional.of(brokers), "Kafka at " + brokers, err);
  }

  /** With Kafka and the schema registry. */
  public static Patience withBoth(Settings settings, PrintWriter err) {
    String brokers = shown(settings, WeirSettings.BOOTSTRAP_SERVERS);
    String registry = shown(settings, WeirSettings.SCHEMA_REGISTRY_URL);
    return saidOnce(
        Optional.of(brokers),
        "Kafka at " + brokers + " or the schema registry at " + registry,
        err);
  }

  /** With the schema registry alone. */
  public static Patience withRegistry(Settings settings, PrintWriter err) {
    return saidOnce(
        Optional.empty(),
        "the schema registry at " + shown(settings, WeirSettings.SCHEMA_REGISTRY_URL),
        err);
  }

  /** With an application that is to answer on a topic. */
  public static Patience withAnswer(Settings settings, String topic, PrintWriter err) {
    return saidOnce(
        Optional.of(shown(settings, WeirSettings.BOOTSTRAP_SERVERS)), "Weir on " + topic, err);
  }

  /** With Kafka, of a process whose log is read: it is said again and again. */
  public static Patience withKafka(Settings settings, Consumer<String> log) {
    String brokers = shown(settings, WeirSettings.BOOTSTRAP_SERVERS);
    return new Patience(
        Optional.of(brokers),
        () ->
            new WaitNotice(
                SILENCE, BETWEEN_LINES, () -> log.accept("Waiting for a broker at " + brokers)));
  }

  private static Patience saidOnce(Optional<String> brokers, String asked, PrintWriter err) {
    return new Patience(
        brokers,
        () ->
            new WaitNotice(
                SILENCE,
                () -> {
                  err.println("waiting for an answer of " + asked + "; Ctrl-C gives up");
                  err.flush();
                }));
  }

  /**
   * Does what may have to wait, and says so where it does for more than a few seconds.
   *
   * @throws CommandFailure if it fails
   */
  public <T> T during(Supplier<T> work) {
    try (WaitNotice unused = notices.get()) {
      return work.get();
    } catch (KafkaException e) {
      throw named(KafkaFailures.explain(e));
    } catch (CommandFailure e) {
      throw named(e);
    }
  }

  /** As {@link #during}, of work that comes to nothing but its effect. */
  public void run(Runnable work) {
    boolean unused =
        during(
            () -> {
              work.run();
              return true;
            });
  }

  private CommandFailure named(CommandFailure failure) {
    return brokers.map(asked -> named(failure, asked)).orElse(failure);
  }

  private static CommandFailure named(CommandFailure failure, String brokers) {
    if (failure instanceof KafkaTimeouts.NoAnswer noAnswer) {
      return noAnswer.of(brokers);
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
