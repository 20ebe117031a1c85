package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Benchmarks that nobody runs rot: each runs once here, and nothing is measured. */
class BenchmarksTest {
  @Test
  void eachBenchmarkRuns() throws RunnerException {
    // Another JMH on this machine is no reason to fail.
    System.setProperty("jmh.ignoreLock", "true");
    var options =
        new OptionsBuilder()
            .forks(0)
            .mode(Mode.SingleShotTime)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.NONE)
            .param("identifiers", "2")
            .param("keys", "2")
            .param("verdict", "ALLOW", "DENY")
            .threads(2)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();

    var results = new Runner(options).run();

    assertThat(results)
        .extracting(each -> each.getParams().getBenchmark().replaceFirst(".*\\.(.*\\..*)", "$1"))
        .contains(
            "WeirCheck.check",
            "PlainWeir.held",
            "PlainWeir.keyed",
            "PlainBucket4j.keyed",
            "PlainResilience4j.keyed",
            "PlainGuava.keyed",
            "Bucket4jShape.weirTokenBucket",
            "Resilience4jShape.weirFixedWindow",
            "Bucket4jCheck.tryConsume",
            "Resilience4jCheck.acquire",
            "MatchingPart.match",
            "JudgingPart.step",
            "StorePart.getAndPut",
            "StorePart.getAbsent",
            "RequestPart.process");
  }
}
