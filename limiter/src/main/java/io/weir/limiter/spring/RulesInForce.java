package io.weir.limiter.spring;

import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesFile;
import io.weir.limiter.rule.RulesWatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rules of the settings: those of the start or, where files are watched, newer ones. */
final class RulesInForce implements AutoCloseable {
  private final WeirRules first;
  private final @Nullable RulesWatch<WeirRules> watch;
  private final List<Consumer<RuleSet>> requirements = new CopyOnWriteArrayList<>();

  private RulesInForce(
      Supplier<List<RulesFile>> files,
      Function<List<RulesFile>, WeirRules> reading,
      @Nullable Duration interval) {
    if (interval == null) {
      this.watch = null;
      this.first = reading.apply(files.get());
    } else {
      this.watch = new RulesWatch<>("weir.rules", files, texts -> required(reading.apply(texts)));
      this.first = watch.get();
      watch.start(interval);
    }
  }

  /** Rules that stay as they are at the start. */
  static RulesInForce fixed(
      Supplier<List<RulesFile>> files, Function<List<RulesFile>, WeirRules> reading) {
    return new RulesInForce(files, reading, null);
  }

  /**
   * Rules that are made anew when their files change.
   *
   * @param interval the time between two looks
   */
  static RulesInForce watched(
      Supplier<List<RulesFile>> files,
      Function<List<RulesFile>, WeirRules> reading,
      Duration interval) {
    return new RulesInForce(files, reading, interval);
  }

  /** The rules in force. */
  WeirRules now() {
    return watch == null ? first : watch.get();
  }

  /** Whether they can change. */
  boolean canChange() {
    return watch != null;
  }

  /** What is to be judged by: the rules in force, unless the application has a set of its own. */
  Supplier<RuleSet> following(RuleSet bean) {
    return isOurs(bean) ? () -> now().all() : () -> bean;
  }

  /** Whether a bean is that of these rules. */
  boolean isOurs(RuleSet bean) {
    return bean == first.all();
  }

  /**
   * Refuses changes.
   *
   * @param requirement throws {@link IllegalArgumentException} where rules must not come in force
   */
  void require(Consumer<RuleSet> requirement) {
    requirements.add(requirement);
  }

  private WeirRules required(WeirRules next) {
    try {
      requirements.forEach(requirement -> requirement.accept(next.all()));
    } catch (IllegalArgumentException e) {
      throw new RulesException(String.valueOf(e.getMessage()), e);
    }
    return next;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
