package io.weir.streams.cli.rules;

import io.weir.limiter.rule.Metadata;
import io.weir.streams.cli.rules.DomainPlan.Outcome;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** Prints plans for people, and what became of them. Not thread-safe. */
final class PlanText {
  private static final String INDENT = "  ";
  private static final String DETAIL = "      ";
  private static final String NOT_SET = "not set";

  /** One line says what becomes of the limit as such where it begins or ends to be one. */
  private static final Set<String> OF_THE_LIMIT =
      Set.of("algorithm", "requests_per_unit", "unit", "unit_multiplier", "burst", "unlimited");

  private final PrintWriter out;
  private final Ansi ansi;

  PlanText(PrintWriter out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  /**
   * Prints as a command does.
   *
   * @param silent whether nothing is wanted of it, because JSON is
   */
  PlanText(CommandLine command, boolean silent) {
    this(
        silent ? new PrintWriter(Writer.nullWriter()) : command.getOut(),
        command.getColorScheme().ansi());
  }

  /** Prints what is to be done, and how much that is. */
  void print(List<DomainPlan> plans) {
    if (plans.stream().noneMatch(DomainPlan::isToDo)) {
      line(
          "",
          "Nothing to change, in force already: "
              + plans.stream()
                  .map(
                      plan ->
                          plan.domain() + plan.revision().map(it -> " revision " + it).orElse(""))
                  .collect(Collectors.joining(", ")));
    } else {
      plans.forEach(this::print);
      line("", "Plan: " + PlanCounts.of(plans).ahead());
    }
    out.flush();
  }

  private void print(DomainPlan plan) {
    String inForce = plan.revision().map(it -> ", revision " + it).orElse("");
    line(
        "",
        plan.outcome() == Outcome.UNCHANGED
            ? plan.domain() + ": unchanged" + inForce
            : plan.domain()
                + ": to be "
                + plan.outcome().word()
                + (inForce.isEmpty() ? "" : inForce + " is in force")
                + plan.skipped()
                    .map(it -> "; the record after it, at offset " + it.offset() + ", is skipped")
                    .filter(text -> !inForce.isEmpty())
                    .orElse(""));
    plan.changes().forEach(this::print);
    if (plan.changes().stream().anyMatch(PlanText::isRememberedOnly)) {
      line(
          "",
          INDENT
              + "What was used under a limit that goes is remembered until it expires:"
              + " adding the limit again finds it.");
    }
    if (plan.changes().stream().anyMatch(PlanText::mayHaveBeenThere)) {
      line(
          "",
          INDENT
              + "A limit that is added, or has another key now, and was there before finds what was"
              + " used under it, unless that has expired.");
    }
  }

  /** Whether it becomes a limit whose key no limit has that is in force. */
  private static boolean mayHaveBeenThere(LimitChange change) {
    boolean isNew = change.before().flatMap(LimitItem::limited).isEmpty();
    return change.after().flatMap(LimitItem::limited).isPresent()
        && change.usage().map(usage -> usage.kind() == Usage.Kind.REMEMBERED).orElse(isNew);
  }

  /** Said once of all of them. */
  private static boolean isRememberedOnly(LimitChange change) {
    return change.kind() == LimitChange.Kind.REMOVED
        && change.usage().filter(usage -> usage.kind() == Usage.Kind.REMEMBERED).isPresent();
  }

  private void print(LimitChange change) {
    String place = change.place().text();
    switch (change.kind()) {
      case ADDED -> line("green", INDENT + "+ " + place + text(change.after()));
      case REMOVED -> line("red", INDENT + "- " + place + text(change.before()));
      case CHANGED -> {
        line("yellow", INDENT + "~ " + place);
        fields(change.before().orElseThrow(), change.after().orElseThrow());
      }
    }
    change.order().ifPresent(order -> line("", DETAIL + "order: " + order));
    if (!isRememberedOnly(change)) {
      change.usage().ifPresent(usage -> line("", DETAIL + usage.text()));
    }
  }

  private static String text(Optional<LimitItem> item) {
    return item.map(it -> ": " + RulesSummary.text(it)).orElse("");
  }

  private void fields(LimitItem before, LimitItem after) {
    boolean sameKind =
        before.limit().map(Object::getClass).equals(after.limit().map(Object::getClass));
    if (!sameKind) {
      line("", DETAIL + RulesSummary.numbers(before) + " → " + RulesSummary.numbers(after));
    }
    Map<String, Object> was = before.fields();
    Map<String, Object> is = after.fields();
    for (String field : LimitChange.changedFields(before, after)) {
      if (sameKind || !OF_THE_LIMIT.contains(field)) {
        line("", DETAIL + field + ": " + value(was, field) + " → " + value(is, field));
      }
    }
  }

  private static String value(Map<String, Object> fields, String field) {
    Object value = fields.getOrDefault(field, NOT_SET);
    if (value instanceof List<?> names) {
      return names.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
    return value instanceof Metadata metadata ? metadata.json() : value.toString();
  }

  /** Prints that the record of a domain was written. */
  void written(DomainPlan plan, long offset) {
    String before = plan.revision().filter(it -> it != offset).map(it -> it + " → ").orElse("");
    line("", plan.domain() + ": " + plan.outcome().word() + ", revision " + before + offset);
    out.flush();
  }

  /** Prints that nobody knows whether the record of a domain was written. */
  void notConfirmed(String domain) {
    line("", domain + ": not confirmed");
    out.flush();
  }

  /** Prints how much was done. */
  void applied(List<DomainPlan> plans) {
    line("", "Applied: " + PlanCounts.of(plans).done());
    out.flush();
  }

  private void line(String style, String text) {
    String shown = visible(text);
    out.println(
        style.isEmpty() || !ansi.enabled()
            ? shown
            : Help.defaultColorScheme(ansi)
                .apply(shown, List.of(Ansi.Style.parse(style)))
                .toString());
  }

  /** Names in rules are any text: none may end a line here, or tell a terminal what to do. */
  private static String visible(String text) {
    StringBuilder visible = new StringBuilder();
    text.codePoints()
        .forEach(
            each -> {
              int type = Character.getType(each);
              if (type == Character.CONTROL
                  || type == Character.FORMAT
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR) {
                visible.append(String.format("\\u%04x", each));
              } else {
                visible.appendCodePoint(each);
              }
            });
    return visible.toString();
  }
}
