package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.DomainRules;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesViewTest {
  private final RulesView view = new RulesView();

  @Test
  void noRulesAreNothingToSpeakOf() {
    assertThat(view.whyStale()).isEmpty();
    assertThat(view.whyNone()).isEmpty();
  }

  @Test
  void oneDomainThatCanBeReadIsEnoughToGoOn() {
    view.skip("api", "nonsense");
    assertThat(view.whyNone()).hasValue("nonsense");
    view.put(rules("shop", 1));
    assertThat(view.whyNone()).isEmpty();
    assertThat(view.whyStale()).hasValue("nonsense");
  }

  @Test
  void whereTheLastGoodDomainGoesNoneIsLeft() {
    view.put(rules("shop", 1));
    view.skip("api", "nonsense");
    view.remove("shop");
    assertThat(view.whyNone()).hasValue("nonsense");
    view.remove("api");
    assertThat(view.whyNone()).isEmpty();
    assertThat(view.whyStale()).isEmpty();
  }

  @Test
  void aGoodRecordMendsItsDomain() {
    view.put(rules("api", 1));
    view.skip("api", "nonsense");
    assertThat(view.current().find("api").map(DomainRules::revision)).hasValue(1L);
    view.put(rules("api", 3));
    assertThat(view.whyStale()).isEmpty();
  }

  @Test
  void ofManyReasonsTheFirstIsTold() {
    for (int i = 0; i < 500; i++) {
      view.skip("domain-%03d".formatted(i), "reason " + i);
    }
    assertThat(view.whyStale()).hasValue("reason 0 (and 499 more; the log has them)");
  }

  @Test
  void whatWasSkippedIsKeptOfAnEarlierViewAndNothingElse() {
    RulesView earlier = new RulesView();
    earlier.put(rules("skipped", 1));
    earlier.put(rules("gone", 1));
    earlier.put(rules("changed", 1));
    view.skip("skipped", "nonsense");
    view.skip("changed", "nonsense");
    view.put(rules("changed", 5));
    view.skip("changed", "nonsense again");

    view.keepSkippedOf(earlier);

    assertThat(view.current().find("skipped").map(DomainRules::revision)).hasValue(1L);
    assertThat(view.current().find("changed").map(DomainRules::revision)).hasValue(5L);
    assertThat(view.current().find("gone")).isEmpty();
    assertThat(view.whyStale()).hasValue("nonsense again (and 1 more; the log has them)");
    assertThat(view.whyNone()).isEmpty();
  }

  private static DomainRules rules(String domain, long revision) {
    return DomainRules.of(domain, List.of()).withRevision(revision);
  }
}
