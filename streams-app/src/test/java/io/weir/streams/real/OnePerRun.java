package io.weir.streams.real;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests what is dear to make: as parameters of their constructors or methods, one of each for
 * all tests of a JVM, made when it is first asked for, and closed when the last of them has run.
 */
public abstract class OnePerRun implements ParameterResolver {
  private final Map<Class<?>, Supplier<? extends AutoCloseable>> makers;

  /** Gives parameters of these types, each made by its maker. */
  protected OnePerRun(Map<Class<?>, Supplier<? extends AutoCloseable>> makers) {
    this.makers = Map.copyOf(makers);
  }

  @Override
  public final boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return makers.containsKey(parameter.getParameter().getType());
  }

  @Override
  public final Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return shared(context)
        .getOrComputeIfAbsent(
            type, key -> Objects.requireNonNull(makers.get(key)).get(), AutoCloseable.class);
  }

  /**
   * Where that is kept, and closed at the end. The root's store is not enough: where several JVMs
   * share out the classes of tests, each class is a run of its own.
   */
  protected final ExtensionContext.Store shared(ExtensionContext context) {
    return context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(getClass()));
  }
}
