package io.weir.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.benchmarks.harness.Lines;
import io.weir.benchmarks.redis.RedisBench;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.Terminal;
import io.weir.streams.cli.Weir;
import io.weir.streams.cli.dev.EmbeddedFiles;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** All of {@code bench --redis} runs once, small, on a real Redis; nothing is said of times. */
class RedisBenchIT {
  private static final EmbeddedFiles FILES =
      new EmbeddedFiles(Path.of("..", "streams-app", "embedded", "target"));

  @Test
  void everythingIsMeasuredAndTheLastLineIsTheHeadline() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine weir =
        Weir.commandLine(
                new CommandContext(Map.of(), InputStream.nullInputStream(), Terminal.NONE),
                context ->
                    new BenchCommand(
                        context,
                        plan -> new Bench(FILES, plan),
                        plan -> new RedisBench(() -> FILES, plan)))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));

    int code =
        weir.execute(
            "bench",
            "--redis",
            "--quick",
            "--json",
            "--callers=1,4",
            "--rounds=2",
            "--seconds=0.2",
            "--warm-up-seconds=1",
            "--rate=200");

    assertThat(code).as(err.toString()).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode last = Lines.read(lines.get(1), JsonNode.class);
    assertThat(last).hasSize(1);
    JsonNode redis = last.get("redis");
    for (String other : List.of("vs_bucket4j", "vs_floor")) {
      assertThat(redis.get(other)).hasSize(2).allMatch(ratio -> ratio.asDouble() > 0);
      assertThat(redis.get(other).fieldNames()).toIterable().containsExactly("1", "4");
    }
    assertThat(redis.get("p99_ms_at_200").asDouble()).isPositive();
    assertThat(redis.get("all_p99_ms_at_200")).hasSize(3).allMatch(p99 -> p99.asDouble() > 0);
    assertThat(redis.get("key_memory")).hasSize(2);
    assertThat(redis.get("key_memory")).allMatch(memory -> memory.get("bytes").asInt() > 0);
    assertThat(redis.get("server").asText()).startsWith("Redis 6.2").endsWith(", embedded");
    assertThat(err.toString()).contains("[1/29] starting Redis", "[29/29] ").contains("CHECKS/s");
  }
}
