package io.weir.limiter.rule;

import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is made of rules files, made anew when what is in them changes. They are compared by what is
 * in them, at intervals: so it does not matter how they are exchanged, by an editor that replaces
 * the file or by Kubernetes, which moves a symbolic link above it. A change is put in force when
 * two looks in a row find the same: a file that is still being written may make sense by half.
 *
 * <p>Rules that make no sense are told once and leave those before them in force, all of them.
 * Thread-safe.
 *
 * @param <T> what is made of the files
 */
public final class RulesWatch<T> implements Supplier<T>, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RulesWatch.class.getName());

  /** Is told what becomes of changes, by the thread that looks. */
  public interface Listener {
    /** A change is in force. */
    void reloaded();

    /**
     * A change makes no sense or cannot be read, and is not in force; told once, though it is found
     * at each look.
     */
    void rejected(RulesException why);

    /** A look failed in a way that nobody expects; told once as well. */
    void failed(Throwable why);
  }

  private final String what;
  private final Supplier<List<RulesFile>> files;
  private final Function<List<RulesFile>, T> reading;
  private final Listener listener;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "weir-rules");
            thread.setDaemon(true);
            return thread;
          });

  private volatile T current;
  private volatile Optional<String> trouble = Optional.empty();
  private List<RulesFile> seen;
  private List<RulesFile> lastFound;

  /**
   * Reads the rules for the first time; what becomes of changes is logged.
   *
   * @param what what messages call the files
   * @param files the files as they are now, asked for at each look; may throw {@link
   *     RulesException}
   * @param reading makes something of them; may throw {@link RulesException}
   * @throws RulesException if the rules make no sense, or cannot be read
   */
  public RulesWatch(
      String what, Supplier<List<RulesFile>> files, Function<List<RulesFile>, T> reading) {
    this(what, files, reading, new LoggingListener(what));
  }

  /**
   * Reads the rules for the first time.
   *
   * @param what what messages call the files
   * @param files the files as they are now, asked for at each look; may throw {@link
   *     RulesException}
   * @param reading makes something of them; may throw {@link RulesException}
   * @param listener is told what becomes of changes
   * @throws RulesException if the rules make no sense, or cannot be read
   */
  public RulesWatch(
      String what,
      Supplier<List<RulesFile>> files,
      Function<List<RulesFile>, T> reading,
      Listener listener) {
    this.what = what;
    this.files = files;
    this.reading = reading;
    this.listener = listener;
    this.seen = files.get();
    this.lastFound = seen;
    this.current = reading.apply(seen);
  }

  /**
   * Begins to look.
   *
   * @param interval the time between two looks, above 0
   * @throws IllegalArgumentException if the interval is not above 0
   */
  public void start(Duration interval) {
    if (interval.isZero() || interval.isNegative()) {
      throw new IllegalArgumentException(
          "the interval between two looks at rules files is "
              + Spans.exact(interval)
              + "; it must be above 0, such as 1 s");
    }
    // As long as can be, where it is longer.
    long nanos = TimeUnit.NANOSECONDS.convert(interval);
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** What is in force. */
  @Override
  public T get() {
    return current;
  }

  /** Why what is in force is not the newest, where it is not. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** Looks no more; what is in force stays. */
  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** Whatever happens, the next look comes. */
  synchronized void look() {
    try {
      List<RulesFile> found = files.get();
      boolean isSettled = found.equals(lastFound);
      lastFound = found;
      if (found.equals(seen)) {
        trouble = Optional.empty();
      } else if (isSettled) {
        current = reading.apply(found);
        seen = found;
        trouble = Optional.empty();
        listener.reloaded();
      }
    } catch (RulesException e) {
      note(String.join("; ", e.problems()), () -> listener.rejected(e));
    } catch (RuntimeException | Error e) {
      note(what + " cannot be read: " + e, () -> listener.failed(e));
    }
  }

  private void note(String newTrouble, Runnable telling) {
    if (!trouble.equals(Optional.of(newTrouble))) {
      trouble = Optional.of(newTrouble);
      telling.run();
    }
  }

  @Override
  public String toString() {
    return "RulesWatch[" + what + trouble.map(why -> ", " + why).orElse("") + "]";
  }

  private record LoggingListener(String what) implements Listener {
    @Override
    public void reloaded() {
      LOG.log(
          System.Logger.Level.INFO, "The rules of " + what + " have changed; they are in force");
    }

    @Override
    public void rejected(RulesException why) {
      LOG.log(
          System.Logger.Level.ERROR,
          "The rules of "
              + what
              + " stay as they were; what is there now is refused:\n"
              + why.getMessage());
    }

    @Override
    public void failed(Throwable why) {
      LOG.log(
          System.Logger.Level.ERROR,
          "The rules of " + what + " stay as they were; they cannot be read now",
          why);
    }
  }
}
