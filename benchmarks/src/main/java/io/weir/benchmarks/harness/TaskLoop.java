package io.weir.benchmarks.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;

/**
 * What a worker's process does: one task after the other, waiting in between, so that what it has
 * compiled stays and nobody else's profile gets in its way. The end of its standard input ends it,
 * in the midst of a task too: then its parent is gone.
 *
 * @param <T> tasks, read from lines of JSON
 */
public final class TaskLoop<T> {
  private static final long BETWEEN_WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Class<T> type;
  private final Performer<T> performer;
  private final PrintStream out;
  private long toldNanos = System.nanoTime();

  /**
   * Does a task.
   *
   * @param <T> what tasks are
   */
  public interface Performer<T> {
    /**
     * Does it.
     *
     * @param progress takes how far it is, from 0 to 1, on the thread of this call
     * @return the result
     */
    JsonNode perform(T task, DoubleConsumer progress) throws InterruptedException;
  }

  private TaskLoop(Class<T> type, Performer<T> performer, PrintStream out) {
    this.type = type;
    this.performer = performer;
    this.out = out;
  }

  /** Runs until the end of standard input. */
  public static <T> void run(Class<T> type, Performer<T> performer) throws InterruptedException {
    PrintStream out = System.out;
    // Whatever else prints must not get between the replies.
    System.setOut(System.err);
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(lines), "worker-input");
    reader.setDaemon(true);
    reader.start();
    TaskLoop<T> loop = new TaskLoop<>(type, performer, out);
    while (true) {
      loop.take(lines.take());
    }
  }

  private static void read(BlockingQueue<String> lines) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = in.readLine();
      while (line != null) {
        lines.add(line);
        line = in.readLine();
      }
    } catch (IOException e) {
      // As good as the end of the input.
    }
    Runtime.getRuntime().halt(0);
  }

  private void take(String line) throws InterruptedException {
    try {
      say(new Reply.Done(performer.perform(Lines.read(line, type), this::tell)));
    } catch (RuntimeException e) {
      e.printStackTrace();
      say(new Reply.Failed(String.valueOf(e.getMessage() == null ? e : e.getMessage())));
    }
  }

  private void tell(double share) {
    long now = System.nanoTime();
    if (now - toldNanos >= BETWEEN_WORDS_NANOS) {
      toldNanos = now;
      say(new Reply.Progress(share));
    }
  }

  private void say(Reply reply) {
    out.println(Lines.of(reply));
    out.flush();
  }
}
