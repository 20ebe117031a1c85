package io.weir.benchmarks.redis;

import io.lettuce.core.RedisURI;
import io.weir.streams.cli.OptionType;
import io.weir.streams.config.SettingTypes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code weir bench} that are for Redis alone. */
public final class RedisOptions {
  private static final List<Integer> CALLERS = List.of(1, 16, 128);
  private static final Set<String> NEED_REDIS =
      Set.of("--redis-uri", "--callers", "--seconds", "--warm-up-seconds");
  private static final Set<String> FOR_BOTH =
      Set.of(
          "--quick",
          "--json",
          "--report",
          "--seed",
          "--rounds",
          "--rate",
          "--jvm-option",
          "--verbose");

  @Option(
      names = "--redis",
      description =
          "Measure the limiter on Redis instead, beside Bucket4j and beside a script that does"
              + " nothing, on a Redis that is started as a child process.")
  private boolean redis;

  @Option(
      names = "--redis-uri",
      paramLabel = "URI",
      converter = Address.class,
      description =
          "With --redis, measure on a Redis that is there already, such as redis://host:6379. Keys"
              + " are written whose names begin with weir-bench: and bucket4j-bench:.")
  private Optional<String> uri = Optional.empty();

  @Option(
      names = "--callers",
      paramLabel = "N",
      split = ",",
      converter = Threads.class,
      description =
          "With --redis, how many threads check at once, separated by commas. Without it"
              + " 1,16,128.")
  private List<Integer> callers = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      converter = Seconds.class,
      description = "With --redis, how long each run is. Without it 3; with --quick 1.")
  private Optional<Double> seconds = Optional.empty();

  @Option(
      names = "--warm-up-seconds",
      paramLabel = "S",
      converter = Seconds.class,
      description =
          "With --redis, how long each competitor is warmed up at each number of callers. Without"
              + " it 10; with --quick 3.")
  private Optional<Double> warmUpSeconds = Optional.empty();

  /** Whether Redis is what is measured. */
  public boolean isChosen() {
    return redis;
  }

  /**
   * Checks that all options of the command are for what is measured: nothing that is asked for may
   * be left out in silence.
   *
   * @throws ParameterException if one is not
   */
  public void requireFitting(CommandLine command) {
    for (OptionSpec option : command.getParseResult().matchedOptions()) {
      String name = option.longestName();
      if (!redis && NEED_REDIS.contains(name)) {
        throw new ParameterException(command, name + " needs --redis");
      }
      if (redis
          && !name.equals("--redis")
          && !NEED_REDIS.contains(name)
          && !FOR_BOTH.contains(name)) {
        throw new ParameterException(
            command, name + " is for the topology, which --redis does not measure");
      }
    }
  }

  /**
   * What the options ask for.
   *
   * @param quick whether the defaults are the short ones
   */
  public RedisPlan plan(
      boolean quick,
      Optional<Integer> rounds,
      Optional<Integer> rate,
      Optional<Long> seed,
      List<String> jvmOptions) {
    return new RedisPlan(
        uri,
        (callers.isEmpty() ? CALLERS : callers).stream().distinct().toList(),
        rounds.orElse(quick ? 3 : 5),
        millis(seconds.orElse(quick ? 1.0 : 3.0)),
        millis(warmUpSeconds.orElse(quick ? 3.0 : 10.0)),
        rate.orElse(5_000),
        seed.orElse(1L),
        jvmOptions);
  }

  private static long millis(double seconds) {
    return Math.max(1, Math.round(seconds * 1e3));
  }

  /** Threads that check. */
  static final class Threads extends OptionType<Integer> {
    Threads() {
      super(SettingTypes.integer(1, 10_000));
    }
  }

  /** How long. */
  static final class Seconds extends OptionType<Double> {
    Seconds() {
      super(SettingTypes.positiveNumber());
    }
  }

  /** Where one Redis is. */
  static final class Address implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      try {
        var unused = RedisURI.create(text.strip());
        return text.strip();
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "it must be the address of a Redis, such as redis://host:6379");
      }
    }
  }
}
