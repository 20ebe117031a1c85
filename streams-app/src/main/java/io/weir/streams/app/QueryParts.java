package io.weir.streams.app;

import io.weir.limiter.Judge;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the application's queries read, which the topology provides.
 *
 * @param place where the state of limits is
 * @param rules the rules in force
 * @param unreadableRules why none are in force although there are some, if so
 * @param refusal why a request that matched so cannot be judged; empty where it can
 * @param judge the judge that decides
 */
public record QueryParts(
    LimitsPlace place,
    Supplier<RuleSet> rules,
    Supplier<Optional<String>> unreadableRules,
    Function<Match, Optional<String>> refusal,
    Judge judge) {}
