package io.weir.streams.cli;

import io.weir.streams.config.SettingTypes;
import io.weir.streams.config.WeirSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The types that options have; each is named by an option's {@code converter}. */
public final class OptionTypes {
  private OptionTypes() {}

  /** How many: 1 or more. */
  public static final class Count extends OptionType<Long> {
    /** The type. */
    public Count() {
      super(SettingTypes.wholeNumber(1));
    }
  }

  /** Tokens that a request takes: 0 or more. */
  public static final class Cost extends OptionType<Long> {
    /** The type. */
    public Cost() {
      super(SettingTypes.wholeNumber(0));
    }
  }

  /** How many a second: above 0, with a fraction if wanted. */
  public static final class Rate extends OptionType<Double> {
    /** The type. */
    public Rate() {
      super(SettingTypes.positiveNumber());
    }
  }

  /** Replicas of a topic, as many as Kafka's protocol has room for. */
  public static final class Replicas extends OptionType<Integer> {
    /** The type. */
    public Replicas() {
      super(SettingTypes.integer(1, Short.MAX_VALUE));
    }
  }

  /** A port to listen on. */
  public static final class Port extends OptionType<Integer> {
    /** The type. */
    public Port() {
      super(WeirSettings.HTTP_PORT.type());
    }
  }

  /** How long. */
  public static final class Time extends OptionType<Duration> {
    /** The type. */
    public Time() {
      super(SettingTypes.duration("1ms", "365d"));
    }
  }

  /** The period of a limit. Rules count in seconds. */
  public static final class Period extends OptionType<Duration> {
    /** The type. */
    public Period() {
      super(SettingTypes.duration("1s", "365d"));
    }
  }

  /** What chance goes by: 0 or more. */
  public static final class Seed extends OptionType<Long> {
    /** The type. */
    public Seed() {
      super(SettingTypes.wholeNumber(0));
    }
  }

  /** A standard deviation of logarithms. */
  public static final class Spread extends OptionType<Double> {
    /** The type. */
    public Spread() {
      super(SettingTypes.numberUpTo(3));
    }
  }

  /** A time of day on some day, to the millisecond. */
  public static final class Moment extends OptionType<Instant> {
    /** The type. */
    public Moment() {
      super(SettingTypes.instant());
    }
  }

  /** A domain. */
  public static final class Domain extends OptionType<String> {
    /** The type. */
    public Domain() {
      super(SettingTypes.text("the name of a domain"));
    }
  }

  /** The request_id of a request. */
  public static final class RequestId extends OptionType<String> {
    /** The type. */
    public RequestId() {
      super(SettingTypes.text("a request_id"));
    }
  }

  /** A file. */
  public static final class FilePath extends OptionType<Path> {
    /** The type. */
    public FilePath() {
      super(SettingTypes.path());
    }
  }

  /** An identifier. */
  public static final class IdentifierText extends OptionType<String> {
    /** The type. */
    public IdentifierText() {
      super(SettingTypes.identifier());
    }
  }

  /** Kafka brokers. */
  public static final class Brokers extends OptionType<String> {
    /** The type. */
    public Brokers() {
      super(WeirSettings.BOOTSTRAP_SERVERS.type());
    }
  }

  /** Addresses of a schema registry. */
  public static final class Registry extends OptionType<String> {
    /** The type. */
    public Registry() {
      super(WeirSettings.SCHEMA_REGISTRY_URL.type());
    }
  }

  /** The address of an instance's HTTP door. */
  public static final class InstanceUrl extends OptionType<URI> {
    /** The type. */
    public InstanceUrl() {
      super(SettingTypes.url());
    }
  }
}
