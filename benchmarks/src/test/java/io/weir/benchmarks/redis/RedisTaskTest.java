package io.weir.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.benchmarks.harness.Lines;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a worker reads is what its parent wrote. */
class RedisTaskTest {

  static Stream<RedisTask> tasks() {
    return Stream.of(
        new RedisTask.Connect(Competitor.BUCKET4J, "redis://127.0.0.1:6379"),
        new RedisTask.Loop(16, 3_000, 1),
        new RedisTask.Pace(5_000, 3_000, 1),
        new RedisTask.Weigh("redis://127.0.0.1:6379"));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void comesBackFromALineAsItWas(RedisTask task) {
    assertThat(Lines.read(Lines.of(task), RedisTask.class)).isEqualTo(task);
  }
}
