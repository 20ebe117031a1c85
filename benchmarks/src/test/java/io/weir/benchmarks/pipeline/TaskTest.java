package io.weir.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.benchmarks.harness.Lines;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a worker reads is what its parent wrote. */
class TaskTest {
  private static final AppSpec APP =
      new AppSpec(
          Candidate.BUILT_IN_STORE,
          "bench-1",
          "127.0.0.1:9092",
          "requests",
          RequestShape.REKEYED,
          Guarantee.EXACTLY_ONCE_V2,
          100,
          2,
          1,
          0,
          "/state",
          true,
          Map.of("kafka.producer.linger.ms", "0"));

  static Stream<Task> tasks() {
    return Stream.of(
        new Task.WriteRequests("b", "t", RequestShape.KEYED, KeySpread.ZIPF, 1, 2, 3),
        new Task.WriteRows("b", "t", 1, 2, 3),
        new Task.Run(APP, 1000),
        new Task.Serve(APP),
        new Task.Watch(),
        new Task.Stop(),
        new Task.Load("b", "r", "d", 1, 2, 3, 4, 5));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void comesBackFromALineAsItWas(Task task) {
    String line = Lines.of(task);

    assertThat(line).doesNotContain("\n");
    assertThat(Lines.read(line, Task.class)).isEqualTo(task);
  }
}
