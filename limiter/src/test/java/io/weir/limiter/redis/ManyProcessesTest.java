package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManyProcessesTest {

  /** Each asks 400 times with four threads, and their clocks are an hour apart. */
  @Test
  void threeProcessesAdmitExactlyTheLimitOfEachAlgorithmWhateverTheirClocksShow() throws Exception {
    try (RedisProcess redis = RedisProcess.start()) {
      List<Process> processes = new ArrayList<>();
      for (int hours = -1; hours <= 1; hours++) {
        processes.add(start(redis.uri(), hours));
      }
      Map<String, Integer> allowed = new HashMap<>();
      for (Process process : processes) {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
          out.lines()
              .map(line -> line.split(" "))
              .filter(words -> words.length == 2 && OneProcess.ALGORITHMS.contains(words[0]))
              .forEach(words -> allowed.merge(words[0], Integer.valueOf(words[1]), Integer::sum));
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      }
      assertThat(allowed)
          .hasSize(OneProcess.ALGORITHMS.size())
          .allSatisfy((algorithm, count) -> assertThat(count).isEqualTo(OneProcess.LIMIT));
    }
  }

  private static Process start(String uri, int hours) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            java, "-Xmx256m", "-cp", classPath, OneProcess.class.getName(), uri, "" + hours)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
