package io.weir.benchmarks.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.streams.topology.WeirSerdes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a worker: a process that does one {@link Task} after the other and waits in
 * between, so that what it has compiled stays and nobody else's profile gets in its way. The end of
 * its standard input ends it, in the midst of a task too: then its parent is gone.
 */
public final class Worker {
  private static final long BETWEEN_WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final PrintStream out;
  private final WeirSerdes serdes = BenchSerdes.create();
  private final Map<String, Admin> admins = new HashMap<>();
  private @Nullable Serving serving;
  private long toldNanos = System.nanoTime();

  private record Serving(StreamsPipe pipe, double startMillis) {}

  private Worker(PrintStream out) {
    this.out = out;
  }

  /** Runs until the end of standard input. */
  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out = System.out;
    // Whatever else prints must not get between the replies.
    System.setOut(System.err);
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(lines), "worker-input");
    reader.setDaemon(true);
    reader.start();
    Worker worker = new Worker(out);
    while (true) {
      worker.take(lines.take());
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
      say(new Reply.Done(perform(Lines.read(line, Task.class))));
    } catch (RuntimeException e) {
      e.printStackTrace();
      say(new Reply.Failed(String.valueOf(e.getMessage() == null ? e : e.getMessage())));
    }
  }

  private JsonNode perform(Task task) throws InterruptedException {
    if (task instanceof Task.WriteRequests write) {
      new Writers(serdes, this::tell).write(write);
      return Lines.tree(Map.of());
    }
    if (task instanceof Task.WriteRows write) {
      new Writers(serdes, this::tell).write(write);
      return Lines.tree(Map.of());
    }
    if (task instanceof Task.Run run) {
      return Lines.tree(run(run));
    }
    if (task instanceof Task.Serve serve) {
      return Lines.tree(serve(serve));
    }
    if (task instanceof Task.Load load) {
      return Lines.tree(new LoadRun(serdes, load, this::tell).run());
    }
    Serving running = serving;
    if (running == null) {
      throw new IllegalStateException("no application runs");
    }
    ServeResult result = watch(running);
    if (task instanceof Task.Stop) {
      running.pipe().close();
      serving = null;
    }
    return Lines.tree(result);
  }

  private RunResult run(Task.Run task) throws InterruptedException {
    AppSpec app = task.app();
    GroupProgress progress =
        new GroupProgress(admin(app.bootstrapServers()), app.application(), app.requests());
    int recordsPerRequest = app.shape().recordsPerRequest(app.candidate());
    if (app.candidate() == Candidate.RAW) {
      try (RawPipe pipe = new RawPipe(app)) {
        return new ThroughputRun(pipe, progress, () -> 0, this::tell)
            .run(task.requests(), recordsPerRequest);
      }
    }
    try (StreamsPipe pipe = new StreamsPipe(app, serdes)) {
      return new ThroughputRun(pipe, progress, pipe::longestStepMillis, this::tell)
          .run(task.requests(), recordsPerRequest);
    }
  }

  private ServeResult serve(Task.Serve task) throws InterruptedException {
    if (serving != null) {
      throw new IllegalStateException("an application is running already");
    }
    StreamsPipe pipe = new StreamsPipe(task.app(), serdes);
    long beginNanos = System.nanoTime();
    try {
      pipe.start();
    } catch (RuntimeException | InterruptedException e) {
      pipe.close();
      throw e;
    }
    Serving started = new Serving(pipe, (System.nanoTime() - beginNanos) / 1e6);
    serving = started;
    return watch(started);
  }

  private static ServeResult watch(Serving running) {
    return new ServeResult(
        running.startMillis(),
        running.pipe().lag(),
        running.pipe().copies(),
        ProcessMeters.residentBytes(),
        ProcessMeters.heapBytes(),
        ProcessMeters.heapAfterGcBytes(),
        ProcessMeters.gcMillis(),
        running.pipe().stats());
  }

  private Admin admin(String bootstrapServers) {
    return admins.computeIfAbsent(
        bootstrapServers,
        servers -> Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers)));
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
