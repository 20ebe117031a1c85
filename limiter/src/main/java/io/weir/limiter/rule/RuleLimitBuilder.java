package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote of one limit, not checked yet: {@link RulesAssembler} checks it, whether it
 * comes from code, from a file or from a topic. Not thread-safe.
 */
public final class RuleLimitBuilder {
  String name = "";
  OptionalLong requests = OptionalLong.empty();
  String unit = "";
  OptionalLong multiplier = OptionalLong.empty();
  OptionalLong burst = OptionalLong.empty();
  String algorithmName = "";
  @Nullable Algorithm<?> algorithm;
  boolean unlimited;
  String onError = "";
  List<String> replaces = new ArrayList<>();
  Place place = Place.PATH;

  /** Keys whose values could not be read: what is here for them would cause false complaints. */
  Set<String> unreadable = Set.of();

  RuleLimitBuilder() {}

  /** Gives the limit a name: for people, for metric labels, and for {@code replaces}. */
  public RuleLimitBuilder named(String newName) {
    this.name = newName;
    return this;
  }

  /** Chooses the algorithm, one of the library's or one of your own. */
  public RuleLimitBuilder algorithm(Algorithm<?> newAlgorithm) {
    this.algorithm = newAlgorithm;
    return this;
  }

  /** Chooses the algorithm by the name that rules files give it. */
  public RuleLimitBuilder algorithm(String newName) {
    this.algorithmName = newName;
    return this;
  }

  /** The most that can be admitted at one instant, for algorithms that know a burst. */
  public RuleLimitBuilder burst(long newBurst) {
    this.burst = OptionalLong.of(newBurst);
    return this;
  }

  /** Makes the period so many units long: {@code perSecond(10).times(30)} is 10 in 30 seconds. */
  public RuleLimitBuilder times(long unitMultiplier) {
    this.multiplier = OptionalLong.of(unitMultiplier);
    return this;
  }

  /**
   * Makes the period so long.
   *
   * @throws RulesException if it is not a whole number of seconds
   */
  public RuleLimitBuilder every(Duration period) {
    if (period.getNano() != 0) {
      throw new RulesException(
          "the period "
              + Spans.exact(period)
              + " is not a whole number of seconds; rules count in seconds");
    }
    RateUnit longest = RateUnit.dividingSeconds(period.getSeconds());
    return unit(longest.yamlName()).times(period.getSeconds() / longest.seconds());
  }

  /** Where this limit applies, the limits of that name do not. */
  public RuleLimitBuilder replacing(String limitName) {
    replaces.add(limitName);
    return this;
  }

  /** What a synchronous door answers when its backend fails. */
  public RuleLimitBuilder onError(OnError answer) {
    return onError(answer.yamlName());
  }

  /** What a synchronous door answers when its backend fails, by its name in rules files. */
  public RuleLimitBuilder onError(String answer) {
    this.onError = answer;
    return this;
  }

  /** Counts in the unit of that name, upper or lower case. */
  public RuleLimitBuilder unit(String newUnit) {
    this.unit = newUnit;
    return this;
  }

  RuleLimitBuilder requests(long newRequests) {
    this.requests = OptionalLong.of(newRequests);
    return this;
  }

  RuleLimitBuilder markUnlimited() {
    this.unlimited = true;
    return this;
  }
}
