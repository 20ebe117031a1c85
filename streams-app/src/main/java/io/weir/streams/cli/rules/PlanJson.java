package io.weir.streams.cli.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.util.RawValue;
import io.weir.limiter.rule.Metadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans, and what became of them, as JSON. */
final class PlanJson {
  private PlanJson() {}

  /**
   * One domain.
   *
   * @param revisionBefore the revision that was in force; null where no rules were
   * @param revision the revision in force now; null where there is none
   * @param written whether a record was written
   * @param meanwhile revisions that someone else wrote after the plan was made
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Domain(
      String domain,
      String outcome,
      @Nullable Long revisionBefore,
      @Nullable Long revision,
      boolean written,
      List<Change> changes,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Long> meanwhile) {}

  /**
   * One limit, or one node without any.
   *
   * @param before what it was, by the names of the YAML; empty where its node had no limit, null
   *     where there was no such node or limit
   * @param after what it is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Change(
      String change,
      String limit,
      @Nullable Map<String, Object> before,
      @Nullable Map<String, Object> after,
      @Nullable String order,
      @Nullable String usage,
      @Nullable String usageText) {}

  /**
   * A domain.
   *
   * @param written the revision that was written
   * @param meanwhile revisions that someone else wrote after the plan was made
   */
  static Domain of(DomainPlan plan, Optional<Long> written, List<Long> meanwhile) {
    return new Domain(
        plan.domain(),
        plan.outcome().word(),
        plan.revision().orElse(null),
        written.or(plan::revision).orElse(null),
        written.isPresent(),
        plan.changes().stream().map(PlanJson::of).toList(),
        meanwhile);
  }

  private static Change of(LimitChange change) {
    return new Change(
        change.kind().name().toLowerCase(Locale.ROOT),
        change.place().text(),
        change.before().map(PlanJson::fields).orElse(null),
        change.after().map(PlanJson::fields).orElse(null),
        change.order().orElse(null),
        change.usage().map(it -> it.kind().name().toLowerCase(Locale.ROOT)).orElse(null),
        change.usage().map(Usage::text).orElse(null));
  }

  private static Map<String, Object> fields(LimitItem item) {
    Map<String, Object> fields = new LinkedHashMap<>(item.fields());
    fields.replaceAll(
        (name, value) ->
            value instanceof Metadata metadata ? new RawValue(metadata.json()) : value);
    return fields;
  }
}
