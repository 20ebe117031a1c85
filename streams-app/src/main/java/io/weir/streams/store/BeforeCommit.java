package io.weir.streams.store;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Lets a processor finish what it has begun before the offsets of its records are committed: what
 * it forwards then belongs to the commit. A store that keeps nothing, as only stores are told of
 * commits in time; {@link WriteBehindLimitStore} says how, and why that takes what is internal to
 * Kafka Streams. {@code BeforeCommitTest} fails if an upgrade does otherwise. For the task's
 * thread.
 */
public final class BeforeCommit implements StateStore, CachedStateStore<Object, Object> {
  private final String name;
  private @Nullable Runnable action;
  private boolean open;

  private BeforeCommit(String name) {
    this.name = name;
  }

  /** Builds one for each task. */
  public static StoreBuilder<StateStore> builder(String name) {
    return new Builder(name);
  }

  /**
   * What is done before each commit, in the name of a processor.
   *
   * @param context the processor's, while it is initialised
   * @param newAction may forward; what it throws fails the task
   */
  public void run(ProcessorContext<?, ?> context, Runnable newAction) {
    InternalProcessorContext<?, ?> internal = (InternalProcessorContext<?, ?>) context;
    ProcessorNode<?, ?, ?, ?> node =
        Objects.requireNonNull(internal.currentNode(), "the processor is not being initialised");
    action =
        () -> {
          ProcessorNode<?, ?, ?, ?> before = internal.currentNode();
          internal.setCurrentNode(node);
          try {
            newAction.run();
          } finally {
            internal.setCurrentNode(before);
          }
        };
  }

  @Override
  public void flushCache() {
    if (action != null) {
      action.run();
    }
  }

  @Override
  public void clearCache() {
    action = null;
  }

  /** Nobody listens. */
  @Override
  public boolean setFlushListener(
      CacheFlushListener<Object, Object> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void close() {
    action = null;
    open = false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  private record Builder(String name) implements StoreBuilder<StateStore> {
    @Override
    public StateStore build() {
      return new BeforeCommit(name);
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }

    @Override
    public StoreBuilder<StateStore> withCachingEnabled() {
      throw new UnsupportedOperationException("there is nothing to cache");
    }

    @Override
    public StoreBuilder<StateStore> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<StateStore> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException("there is nothing to log");
    }

    @Override
    public StoreBuilder<StateStore> withLoggingDisabled() {
      return this;
    }
  }
}
