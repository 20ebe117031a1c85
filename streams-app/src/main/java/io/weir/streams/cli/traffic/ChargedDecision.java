package io.weir.streams.cli.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.StateKeyEntry;
import io.weir.schemas.Decision;
import io.weir.schemas.LimitMode;
import io.weir.schemas.Reason;
import io.weir.schemas.Verdict;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.config.FileFaults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A decision that charged somebody. It tells neither the attributes of its request nor the cost,
 * but its limits tell what the attributes must have been, and the most that the cost can have been.
 *
 * @param place where it was read, for people
 * @param domain the domain of its request
 * @param evaluationTime when it was made
 * @param limits the limits that judged
 */
record ChargedDecision(String place, String domain, Instant evaluationTime, List<Charged> limits) {
  private static final String HINT =
      "./weir watch --from-beginning --request-id ID --max 1 --json prints a decision";

  /** Those of allowed requests that took nothing. */
  private static final Set<String> FREE =
      Set.of(
          Reason.NO_RULE.name(),
          Reason.UNLIMITED.name(),
          Reason.EXPIRED.name(),
          Reason.BACKEND_FAILED.name(),
          Reason.REFUNDED.name(),
          Reason.RESET.name());

  ChargedDecision {
    limits = List.copyOf(limits);
  }

  /**
   * A limit that judged.
   *
   * @param rule the name of its rule
   * @param stateKey the key of its state
   * @param entries what a request had that it applied to, as the key tells
   * @param enforced whether it took all of the cost: one that may be exhausted takes nothing then
   * @param burst the most that it holds
   * @param remaining what it held afterwards
   */
  record Charged(
      String rule,
      String stateKey,
      List<StateKeyEntry> entries,
      boolean enforced,
      long burst,
      long remaining) {
    Charged {
      entries = List.copyOf(entries);
    }

    private long used() {
      return burst - remaining;
    }
  }

  /**
   * The one decision in a file, as {@code weir watch --json} prints it.
   *
   * @param name the file; {@code -} is standard input
   * @throws CommandFailure if it has none, or one that took nothing
   */
  static ChargedDecision read(String name, InputStream input) {
    boolean isInput = name.equals("-");
    Path file = isInput ? Path.of("standard input") : path(name);
    try (InputStream in = isInput ? input : Files.newInputStream(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return of(file.toString(), text);
    } catch (IOException e) {
      throw new CommandFailure(FileFaults.unreadable(file, e), e);
    }
  }

  /**
   * Returns if attributes are those that its limits tell of, and no others: with these its request
   * meets the same limits, and more could meet limits that it did not.
   *
   * @throws CommandFailure if not
   */
  void requireMetBy(Map<String, String> attributes) {
    requireKnown(attributes.keySet());
    for (Charged limit : limits) {
      for (StateKeyEntry entry : limit.entries()) {
        if (!entry.isMetBy(attributes)) {
          throw new CommandFailure(
              place
                  + ": the decision is about a request with "
                  + entry.key()
                  + "="
                  + entry.value()
                  + ", but here "
                  + Optional.ofNullable(attributes.get(entry.key()))
                      .map(value -> entry.key() + " is '" + value + "'")
                      .orElse("is no " + entry.key()),
              "name the attributes of the request that was charged");
        }
      }
    }
  }

  private void requireKnown(Set<String> keys) {
    Set<String> known =
        limits.stream()
            .flatMap(limit -> limit.entries().stream())
            .map(StateKeyEntry::key)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    keys.stream()
        .filter(key -> !known.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw new CommandFailure(
                  place
                      + ": no limit of the decision is of "
                      + key
                      + ", but of "
                      + String.join(", ", known),
                  "leave " + key + " out: a limit of it could get back what others took");
            });
  }

  /**
   * Returns if its request can have taken so many tokens.
   *
   * @throws CommandFailure if not: each limit that took them is as much further from full
   */
  void requireTook(long cost) {
    limits.stream()
        .filter(Charged::enforced)
        .min(Comparator.comparingLong(Charged::used))
        .filter(limit -> limit.used() < cost)
        .ifPresent(
            limit -> {
              throw new CommandFailure(
                  place
                      + ": the request took "
                      + (limit.used() == 0 ? "nothing" : "at most " + limit.used())
                      + ", and "
                      + cost
                      + " cannot come back: after it "
                      + limit.remaining()
                      + " of "
                      + limit.burst()
                      + " were left of "
                      + limit.rule(),
                  limit.used() == 0 ? "a peek takes nothing" : "--cost sets how many come back");
            });
  }

  /** That its refund also reached limits that had not judged its request; empty where none is. */
  Optional<String> beyond(Decision refunded) {
    Set<String> charged = limits.stream().map(Charged::stateKey).collect(Collectors.toSet());
    List<String> others =
        refunded.getStatuses().stream()
            .filter(status -> !charged.contains(status.getStateKey()))
            .map(
                status ->
                    Identifiers.identifierOf(status.getStateKey()) + " (" + status.getRule() + ")")
            .toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "also given back to "
                + String.join(", ", others)
                + ", which the decision in "
                + place
                + " does not name");
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new CommandFailure(FileFaults.notAPath(name), e);
    }
  }

  private static ChargedDecision of(String place, String text) {
    List<JsonNode> found = objects(place, text);
    if (found.size() > 1) {
      throw new CommandFailure(
          place + " holds " + found.size() + " JSON values; it must hold one decision", HINT);
    }
    JsonNode decision = found.isEmpty() ? MissingNode.getInstance() : found.get(0);
    JsonNode domain = decision.path("domain");
    JsonNode time = decision.path("evaluation_time");
    JsonNode verdict = decision.path("verdict");
    JsonNode reason = decision.path("reason");
    JsonNode statuses = decision.path("statuses");
    if (!domain.isTextual()
        || !isLong(time)
        || !verdict.isTextual()
        || !reason.isTextual()
        || !statuses.isArray()) {
      throw new CommandFailure(
          place
              + " holds no decision: that has domain, verdict, reason, evaluation_time and statuses",
          HINT);
    }
    if (!verdict.textValue().equals(Verdict.ALLOW.name()) || FREE.contains(reason.textValue())) {
      throw new CommandFailure(
          place
              + ": the decision is "
              + verdict.textValue()
              + " "
              + reason.textValue()
              + ", which took nothing; there is nothing to give back");
    }
    List<Charged> limits = new ArrayList<>();
    statuses.forEach(status -> limits.add(charged(place, status)));
    return new ChargedDecision(
        place, domain.textValue(), Instant.ofEpochMilli(time.longValue()), limits);
  }

  private static Charged charged(String place, JsonNode status) {
    JsonNode rule = status.path("rule");
    JsonNode stateKey = status.path("state_key");
    JsonNode mode = status.path("mode");
    JsonNode burst = status.path("burst");
    JsonNode remaining = status.path("remaining");
    if (!rule.isTextual()
        || !stateKey.isTextual()
        || !mode.isTextual()
        || !isLong(burst)
        || !isLong(remaining)) {
      throw new CommandFailure(
          place
              + " holds no decision: each of its statuses has rule, state_key and mode, which are"
              + " text, and burst and remaining, which are whole numbers",
          HINT);
    }
    try {
      return new Charged(
          rule.textValue(),
          stateKey.textValue(),
          Identifiers.entriesOf(stateKey.textValue()),
          mode.textValue().equals(LimitMode.ENFORCED.name()),
          burst.longValue(),
          remaining.longValue());
    } catch (IdentifierException e) {
      throw new CommandFailure(place + " holds no decision: " + e.getMessage(), HINT, e);
    }
  }

  private static boolean isLong(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong();
  }

  private static List<JsonNode> objects(String place, String text) {
    try (MappingIterator<JsonNode> values =
        JsonMapper.builder().build().readerFor(JsonNode.class).readValues(text)) {
      return values.readAll();
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          place
              + (e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr())
              + ": is not JSON",
          HINT,
          e);
    } catch (IOException e) {
      throw new CommandFailure(place + ": is not JSON", HINT, e);
    }
  }
}
