package io.weir.streams.real;

import io.weir.streams.cli.dev.EmbeddedFiles;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

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
 * <p>There is one of each for the whole run of tests, started when first asked for; so name topics,
 * groups and application ids with {@link #uniqueName}. A test that kills, stops or pauses one
 * starts its own, with {@link #files}.
 */
public final class RealBroker implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(RealBroker.class);

  /** What a killed instance left open is aborted in time, not at the next tick of 10 s. */
  private static final Map<String, String> BROKER =
      Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

  /** Where the build has laid out the jars; tests run in the module's directory. */
  public static EmbeddedFiles files() {
    return new EmbeddedFiles(Path.of("embedded", "target"));
  }

  /** A name that no other test has. */
  public static String uniqueName(String readable) {
    return readable + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == KafkaProcess.class || type == RegistryProcess.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // The root store closes what it holds when the last test has run.
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            parameter.getParameter().getType(), RealBroker::start, AutoCloseable.class);
  }

  private static AutoCloseable start(Class<?> type) {
    return type == KafkaProcess.class
        ? KafkaProcess.start(files(), BROKER)
        : RegistryProcess.start(files());
  }
}
