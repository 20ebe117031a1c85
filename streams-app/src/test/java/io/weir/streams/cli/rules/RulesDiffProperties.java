package io.weir.streams.cli.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.DomainRules;
import io.weir.streams.rules.RandomRules;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import picocli.CommandLine.Help.Ansi;

/** A plan shows all that changes, and nothing else. */
class RulesDiffProperties {

  @Property(tries = 1000)
  void aPlanIsEmptyExactlyWhereTheRulesAreEqual(
      @ForAll Random random, @ForAll @IntRange(max = 3) int changes) {
    RandomRules rules = new RandomRules(random);
    DomainRules before = rules.rules();
    for (int i = 0; i < changes; i++) {
      rules.change();
    }
    DomainRules after = rules.rules();

    List<LimitChange> diff = RulesDiff.between(before, after);

    assertThat(diff.isEmpty()).isEqualTo(before.equals(after));
    assertThat(RulesDiff.between(after, before).isEmpty()).isEqualTo(diff.isEmpty());
  }

  @Property(tries = 300)
  void rulesThatHaveNothingInCommonButNamesAreComparedToo(@ForAll Random random) {
    assertThatChangesLead(new RandomRules(random).rules(), new RandomRules(random).rules());
  }

  @Property(tries = 300)
  void whatIsKeptAndWhatThePlanShowsAreTheNewRules(@ForAll Random random) {
    RandomRules rules = new RandomRules(random);
    DomainRules before = rules.rules();
    rules.change();
    rules.change();
    assertThatChangesLead(before, rules.rules());
  }

  @Property(tries = 300)
  void everyChangeHasALineOfItsOwnAndWhatChangesUnderIt(@ForAll Random random) {
    RandomRules rules = new RandomRules(random);
    DomainRules before = rules.rules();
    rules.change();
    List<LimitChange> diff = RulesDiff.between(before, rules.rules());

    List<String> lines = print(diff);

    assertThat(lines.stream().filter(line -> line.matches("  [-+~] .*"))).hasSize(diff.size());
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("  ~")) {
        assertThat(lines.get(i + 1)).startsWith("      ");
      }
    }
  }

  /** Any number of lists with the same elements. */
  @Property(tries = 300)
  void whatDidNotMoveIsInItsOldOrder(@ForAll Random random, @ForAll @IntRange(max = 8) int size) {
    List<Integer> before = random.ints(size, 0, 9).distinct().boxed().toList();
    List<Integer> after = random.ints(size, 0, 9).distinct().boxed().toList();

    Set<Integer> moved = Moves.between(before, after);

    Set<Integer> stay = new HashSet<>(before);
    stay.retainAll(after);
    assertThat(stay).containsAll(moved);
    stay.removeAll(moved);
    assertThat(after.stream().filter(stay::contains).toList())
        .isEqualTo(before.stream().filter(stay::contains).toList());
    assertThat(moved.isEmpty())
        .isEqualTo(
            after.stream()
                .filter(before::contains)
                .toList()
                .equals(before.stream().filter(after::contains).toList()));
  }

  private static void assertThatChangesLead(DomainRules before, DomainRules after) {
    Map<LimitPlace, Map<String, Object>> items = fields(before);
    for (LimitChange change : RulesDiff.between(before, after)) {
      assertThat(change.before().map(LimitItem::fields))
          .isEqualTo(Optional.ofNullable(items.get(change.place())));
      items.remove(change.place());
      change.after().ifPresent(item -> items.put(change.place(), item.fields()));
    }
    assertThat(items).isEqualTo(fields(after));
  }

  private static Map<LimitPlace, Map<String, Object>> fields(DomainRules rules) {
    Map<LimitPlace, Map<String, Object>> fields = new HashMap<>();
    LimitItem.of(rules).forEach(item -> fields.put(item.place(), item.fields()));
    return fields;
  }

  private static List<String> print(List<LimitChange> changes) {
    StringWriter out = new StringWriter();
    new PlanText(new PrintWriter(out), Ansi.OFF)
        .print(
            List.of(
                new DomainPlan(
                    "api",
                    DomainPlan.Outcome.CHANGED,
                    Optional.of(0L),
                    0,
                    Optional.empty(),
                    changes)));
    return out.toString().lines().toList();
  }
}
