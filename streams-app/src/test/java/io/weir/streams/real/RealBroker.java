package io.weir.streams.real;

import io.weir.streams.cli.dev.EmbeddedFiles;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * Gives a test class a {@link KafkaProcess}, a {@link RegistryProcess} or both, as parameters of
 * its constructor or methods:
 *
 * <pre>{@code
 * @ExtendWith(RealBroker.class)
 * class SomethingIT {
 *   SomethingIT(KafkaProcess kafka, RegistryProcess registry) { … }
 * }
 * }</pre>
 *
 * <p>There is one of each for all tests of a JVM, started when first asked for; so name topics,
 * groups and application ids with {@link #uniqueName}. A test that kills, stops or pauses one
 * starts its own, with {@link #files}.
 */
public final class RealBroker extends OnePerRun {
  /** What a killed instance left open is aborted in time, not at the next tick of 10 s. */
  private static final Map<String, String> BROKER =
      Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

  /** Starts nothing yet. */
  public RealBroker() {
    super(
        Map.of(
            KafkaProcess.class,
            () -> KafkaProcess.start(files(), BROKER),
            RegistryProcess.class,
            () -> RegistryProcess.start(files())));
  }

  /** Where the build has laid out the jars; tests run in the module's directory. */
  public static EmbeddedFiles files() {
    return new EmbeddedFiles(Path.of("embedded", "target"));
  }

  /** A name that no other test has. */
  public static String uniqueName(String readable) {
    return readable + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
