package io.weir.streams.cli.rules;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.cli.rules.Usage.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What becomes of what was used when rules change. It asks the matcher for the keys that the state
 * of a limit has under both, for a request that is spelt like the way to the limit: the same key
 * and the same algorithm carry over what was used, whichever rules the limit stands in.
 */
final class UsageForecast {
  /** A change of nothing else than these is no reason to say that what was used is kept. */
  private static final Set<String> BESIDE_THE_LIMIT =
      Set.of("on_error", "replaces", "detailed_metric", "value_to_metric", "metadata");

  private static final Set<String> WINDOWS = Set.of("fixed_window", "sliding_window_counter");

  private static final String REMEMBERED =
      "what was used is remembered until it expires: adding the limit again finds it";

  private final String domain;
  private final RuleSet before;
  private final RuleSet after;
  private final List<LimitItem> gone;

  UsageForecast(DomainRules before, DomainRules after) {
    this.domain = after.domain();
    this.before = RuleSet.of(before);
    this.after = RuleSet.of(after);
    Set<LimitPlace> places =
        LimitItem.of(after).stream().map(LimitItem::place).collect(Collectors.toSet());
    this.gone =
        LimitItem.of(before).stream()
            .filter(item -> item.limited().isPresent() && !places.contains(item.place()))
            .toList();
  }

  /** Of a limit that is new at its place. */
  Optional<Usage> ofAdded(LimitItem item) {
    return key(after, item).flatMap(own -> ofNewKey(item, own).or(() -> ofRenamed(item)));
  }

  /** Of a limit that comes where others of its node go: as if one had another name now. */
  private Optional<Usage> ofRenamed(LimitItem item) {
    String others =
        gone.stream()
            .map(LimitItem::place)
            .filter(place -> place.node().equals(item.place().node()))
            .map(LimitPlace::text)
            .collect(Collectors.joining(" and "));
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Usage(
                Kind.REMEMBERED,
                "what was used under " + others + " does not count here" + advice(item)));
  }

  /** Whoever needs a second limit may think that both must stand in the list. */
  private String advice(LimitItem item) {
    boolean wasSingle = gone.stream().anyMatch(other -> other.place().equals(item.place().node()));
    return item.place().name().isPresent() && wasSingle
        ? "; it counts on where that stays rate_limit, with rate_limits beside it"
        : "";
  }

  /** Of a limit that goes from its place. */
  Optional<Usage> ofRemoved(LimitItem item) {
    return key(before, item)
        .map(
            own ->
                find(after, item, limit -> limit.key().equals(own.key()))
                    .map(
                        heir ->
                            isSameAlgorithm(own.limit(), heir.limit())
                                ? new Usage(
                                    Kind.KEPT,
                                    "its requests come under "
                                        + heir.rule()
                                        + ", which goes on with what was used")
                                : new Usage(
                                    Kind.FRESH,
                                    "its requests come under "
                                        + heir.rule()
                                        + ", which starts fresh: the algorithm is another one"))
                    .orElse(new Usage(Kind.REMEMBERED, REMEMBERED)));
  }

  /**
   * Of a limit that stays at its place.
   *
   * @param fields the names of the fields that change
   */
  Optional<Usage> ofChanged(LimitItem was, LimitItem is, Set<String> fields) {
    Optional<ApplicableLimit> old = key(before, was);
    Optional<ApplicableLimit> own = key(after, is);
    if (old.isEmpty()) {
      return ofAdded(is);
    }
    if (own.isEmpty()) {
      return is.limited().isPresent()
          ? Optional.empty()
          : Optional.of(new Usage(Kind.REMEMBERED, REMEMBERED));
    }
    if (!old.get().key().equals(own.get().key())) {
      return ofNewKey(is, own.get())
          .or(
              () ->
                  Optional.of(
                      new Usage(
                          Kind.REMEMBERED,
                          "what was used does not count here: its state is kept under another"
                              + " key")));
    }
    if (!isSameAlgorithm(old.get().limit(), own.get().limit())) {
      return Optional.of(new Usage(Kind.FRESH, "starts fresh: the algorithm is another one"));
    }
    return BESIDE_THE_LIMIT.containsAll(fields)
        ? Optional.empty()
        : Optional.of(new Usage(Kind.KEPT, kept(old.get().limit(), own.get().limit())));
  }

  private static String kept(Limit was, Limit is) {
    boolean window =
        WINDOWS.contains(is.algorithm().name()) && was.periodMillis() != is.periodMillis();
    return "what was used is kept" + (window ? ", and counts in the new window" : "");
  }

  /** Another limit may have had that key before: one for all users, before one for this user. */
  private Optional<Usage> ofNewKey(LimitItem item, ApplicableLimit own) {
    return find(before, item, limit -> limit.key().equals(own.key()))
        .map(
            old ->
                isSameAlgorithm(old.limit(), own.limit())
                    ? new Usage(Kind.KEPT, "goes on with what was used under " + old.rule())
                    : new Usage(
                        Kind.FRESH,
                        "starts fresh: the algorithm is another one than that of " + old.rule()));
  }

  /** The limit itself, with the key of its state. */
  private Optional<ApplicableLimit> key(RuleSet rules, LimitItem item) {
    if (item.limited().isEmpty() || !item.reachable()) {
      return Optional.empty();
    }
    Optional<String> name = item.place().name();
    return find(rules, item, limit -> name.isEmpty() || limit.rule().equals(name.get()));
  }

  private Optional<ApplicableLimit> find(
      RuleSet rules, LimitItem item, Predicate<ApplicableLimit> wanted) {
    return rules.matchDescriptor(domain, spelt(item.place())).identifiers().stream()
        .flatMap(identifier -> identifier.limits().stream())
        .filter(wanted)
        .findFirst();
  }

  /**
   * A value that is spelt like a wildcard meets that very node, else one that matches at least as
   * much; an empty one meets the bare key.
   */
  private static List<Entry> spelt(LimitPlace place) {
    return place.path().stream()
        .map(step -> new Entry(step.key(), step.value().orElse("")))
        .toList();
  }

  private static boolean isSameAlgorithm(Limit one, Limit other) {
    return one.algorithm().name().equals(other.algorithm().name());
  }
}
