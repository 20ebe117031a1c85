package io.weir.streams.compare;

import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * One contender at work: the library's own judge, with its rows on the heap, and a count of what
 * comes out. Not thread-safe.
 */
final class Run {
  private static final Judge JUDGE = new Judge();

  /** Enough for a figure, and no more memory than a small machine has. */
  private static final int MOST_TIMED = 10_000;

  private final Contender contender;
  private final Bins bins;
  private final StoredLimitCodec codec = new StoredLimitCodec(Algorithms.standard());
  private final Map<KeyText, StoredLimit> rows = new HashMap<>();
  private final Map<KeyText, Integer> rowBytes = new HashMap<>();
  private final Map<KeyText, Passed> passed = new HashMap<>();
  private final Map<Limit, Limit> byWritten = new HashMap<>();
  private final List<Check> timed = new ArrayList<>();
  private final Waits delays = new Waits();
  private final Waits retries = new Waits();
  private final long[] admittedByBin;
  private long offered;
  private long admitted;
  private long requests;
  private long denied;
  private long overlooked;
  private int largestBytes;
  private Optional<String> leftOut = Optional.empty();

  Run(Contender contender, Bins bins) {
    this.contender = contender;
    this.bins = bins;
    this.admittedByBin = new long[bins.count()];
  }

  /**
   * Judges one request, which comes no earlier than the one before.
   *
   * @param written the limits that apply to it, as they are written
   */
  void take(Arrival arrival, Match written) {
    written.identifiers().stream()
        .flatMap(each -> each.limits().stream())
        .forEach(each -> prepare(each.limit()));
    if (leftOut.isEmpty()) {
      judge(arrival, written);
    }
  }

  private void prepare(Limit written) {
    if (leftOut.isEmpty() && !byWritten.containsKey(written)) {
      try {
        byWritten.put(written, contender.of(written));
      } catch (IllegalArgumentException e) {
        leftOut = Optional.of(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Why this contender cannot judge, where it met a limit that its algorithm cannot have. */
  Optional<String> leftOut() {
    return leftOut;
  }

  String name() {
    return contender.name();
  }

  private void judge(Arrival arrival, Match written) {
    requests++;
    offered += arrival.cost();
    Match match =
        written.withIdentifiers(written.identifiers().stream().map(this::withAlgorithm).toList());
    if (match.identifiers().isEmpty()) { // No limit applies.
      admit(arrival.timeMillis(), arrival.cost());
      return;
    }
    Check check = Check.of(match, arrival.cost(), arrival.timeMillis(), 0);
    if (timed.size() < MOST_TIMED) {
      timed.add(check);
    }
    Judgement judgement = JUDGE.judge(check, this::row);
    judgement.writes().forEach(write -> keep(write.key(), write.row()));
    Decision decision = judgement.decision();
    if (!decision.isAllowed()) {
      denied++;
      decision.retryAfterMillis().ifPresent(retries::add);
      return;
    }
    long turnMillis = decision.nowMillis() + decision.delayMillis();
    if (decision.delayMillis() > 0) {
      delays.add(decision.delayMillis());
    }
    admit(turnMillis, arrival.cost());
    // What a shadow or a quota refuses takes nothing from it.
    Set<KeyText> refused =
        decision.statuses().stream()
            .filter(status -> !status.admits())
            .map(LimitStatus::key)
            .collect(Collectors.toSet());
    overlooked += refused.isEmpty() ? 0 : 1;
    match.identifiers().stream()
        .flatMap(each -> each.limits().stream())
        .filter(limit -> !refused.contains(limit.key()))
        .forEach(
            limit ->
                passed(limit).take(decision.nowMillis(), turnMillis, limit.cost(arrival.cost())));
  }

  private Passed passed(ApplicableLimit limit) {
    return passed.computeIfAbsent(
        limit.key(), key -> new Passed(limit.limit().requests(), limit.limit().periodMillis()));
  }

  private void admit(long timeMillis, long cost) {
    admitted += cost;
    long bin = bins.of(timeMillis);
    if (bin < admittedByBin.length) {
      admittedByBin[(int) bin] += cost;
    }
  }

  private Match.IdentifierLimits withAlgorithm(Match.IdentifierLimits limits) {
    return new Match.IdentifierLimits(
        limits.identifierText(),
        limits.limits().stream()
            .map(limit -> limit.withLimit(Objects.requireNonNull(byWritten.get(limit.limit()))))
            .toList());
  }

  private Optional<StoredLimit> row(KeyText key) {
    return Optional.ofNullable(rows.get(key));
  }

  private void keep(KeyText key, StoredLimit row) {
    rows.put(key, row);
    int bytes = codec.encode(row).length;
    rowBytes.put(key, bytes);
    largestBytes = Math.max(largestBytes, bytes);
  }

  /** The first checks, as they were judged: to see what they cost. */
  List<Check> timed() {
    return timed;
  }

  /** What came out so far. */
  Result result() {
    Result.Worst worst = Result.Worst.NONE;
    for (Passed ofLimit : passed.values()) {
      Result.Worst each = ofLimit.worst();
      worst = each.ratio() > worst.ratio() ? each : worst;
    }
    return new Result(
        contender.name(),
        offered,
        admitted,
        requests,
        denied,
        overlooked,
        delays.summary(),
        retries.summary(),
        worst,
        new Result.Memory(
            rows.size(),
            rowBytes.values().stream().mapToInt(Integer::intValue).average().orElse(0),
            largestBytes),
        0,
        LongStream.of(admittedByBin).boxed().toList());
  }
}
