package io.weir.streams.app;

import io.weir.limiter.Judge;
import io.weir.limiter.rule.Match;
import io.weir.streams.topology.RulesView;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the application's queries read, which the topology provides.
 *
 * @param place where the state of limits is
 * @param rules the rules in force, and why they are not the newest
 * @param refusal why a request that matched so cannot be judged; empty where it can
 * @param judge the judge that decides
 */
public record QueryParts(
    LimitsPlace place, RulesView rules, Function<Match, Optional<String>> refusal, Judge judge) {}
