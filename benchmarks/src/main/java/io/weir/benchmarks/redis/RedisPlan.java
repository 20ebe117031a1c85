package io.weir.benchmarks.redis;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is measured on Redis, and how long.
 *
 * @param uri where Redis is; empty for one of the bench's own
 * @param callers numbers of threads that check at once, each once, in this order
 * @param rounds runs of each competitor that count, at each number of callers
 * @param runMillis how long a run is
 * @param warmUpMillis how long each competitor may take to be compiled before, at each number
 * @param perSecond checks a second where latency is measured at a fixed rate
 * @param seed the same one gives the same users
 * @param moreJvmOptions what each worker is started with besides
 */
public record RedisPlan(
    // It may have a password in it.
    @JsonIgnore Optional<String> uri,
    List<Integer> callers,
    int rounds,
    long runMillis,
    long warmUpMillis,
    int perSecond,
    long seed,
    List<String> moreJvmOptions) {

  private static final String HEAP = "512m";

  /** Copies the lists. */
  public RedisPlan {
    callers = List.copyOf(callers);
    moreJvmOptions = List.copyOf(moreJvmOptions);
  }

  /** What the workers are started with, the same for all. */
  List<String> jvmOptions() {
    List<String> options = new ArrayList<>();
    options.add("-Xms" + HEAP);
    options.add("-Xmx" + HEAP);
    options.add("-XX:+UseG1GC");
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.addAll(moreJvmOptions);
    return options;
  }
}
