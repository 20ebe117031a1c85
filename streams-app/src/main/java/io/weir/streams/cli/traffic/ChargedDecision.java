package io.weir.streams.cli.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
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
import java.util.List;
import java.util.Set;

/**
 * A decision that charged somebody, of which a refund needs two fields.
 *
 * @param domain the domain of its request
 * @param evaluationTime when it was made
 */
record ChargedDecision(String domain, Instant evaluationTime) {
  private static final String HINT =
      "./weir watch --from-beginning --request-id ID --max 1 --json prints a decision";

  /** Those of allowed requests that took nothing. */
  private static final Set<String> FREE =
      Set.of(
          Reason.NO_RULE.name(),
          Reason.UNLIMITED.name(),
          Reason.EXPIRED.name(),
          Reason.REFUNDED.name(),
          Reason.RESET.name());

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
    if (!domain.isTextual()
        || !time.isIntegralNumber()
        || !time.canConvertToLong()
        || !verdict.isTextual()
        || !reason.isTextual()) {
      throw new CommandFailure(
          place + " holds no decision: that has domain, verdict, reason and evaluation_time", HINT);
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
    return new ChargedDecision(domain.textValue(), Instant.ofEpochMilli(time.longValue()));
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
