package io.weir.streams.rules;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DescriptorBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RateUnit;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleLimitBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random rules that can be changed a little, from alphabets so small that they meet often. */
public final class RandomRules {
  private static final List<String> ALGORITHMS = List.copyOf(Algorithms.standard().names());
  private static final List<String> VALUES =
      List.of("", "v", "vw", "v*", "*w", "*", "*: \"x\"\n", "a / b#c");

  private final Random random;
  private List<Node> top = List.of();

  /** Random rules of the domain api. */
  public RandomRules(Random random) {
    this.random = random;
    this.top = level(3);
  }

  private static final class Node {
    private String key = "";
    private String value = "";
    private List<LimitDraft> limits = new ArrayList<>();
    private boolean shadow;
    private boolean quota;
    private boolean shared;
    private boolean detailedMetric;
    private boolean valueToMetric;
    private String metadata = "";
    private List<Node> children = new ArrayList<>();
  }

  private static final class LimitDraft {
    private boolean listed;
    private String name = "";
    private boolean unlimited;
    private String algorithm = "";
    private RateUnit unit = RateUnit.SECOND;
    private long requests;
    private long multiplier;
    private long burst;
    private String onError = "";
    private List<String> replaces = new ArrayList<>();
  }

  /** What they are now. */
  public DomainRules rules() {
    List<DescriptorBuilder> descriptors = top.stream().map(RandomRules::build).toList();
    return DomainRules.load("api", Algorithms.standard(), descriptors).domains().get(0);
  }

  /** Changes one thing at one node, or tries to. */
  public void change() {
    List<List<Node>> levels = new ArrayList<>();
    collect(top, levels);
    List<Node> level = pick(levels);
    int what = random.nextInt(12);
    if (what == 0) {
      Collections.shuffle(level, random);
    } else if (what == 1) {
      level.add(random.nextInt(level.size() + 1), node(1));
      makeDistinct(level);
    } else if (!level.isEmpty()) {
      change(level, pick(level), what);
    }
  }

  private void change(List<Node> level, Node node, int what) {
    switch (what) {
      case 2 -> level.remove(node);
      case 3 -> node.shadow = !node.shadow;
      case 4 -> node.quota = !node.quota;
      case 5 -> node.shared = !node.shared && node.value.contains("*");
      case 6 -> node.detailedMetric = !node.detailedMetric;
      case 7 -> node.valueToMetric = !node.valueToMetric;
      case 8 -> node.metadata = metadata();
      case 9 -> giveLimits(node);
      case 10 -> Collections.shuffle(node.limits, random);
      default -> {
        if (!node.limits.isEmpty()) {
          change(pick(node.limits));
        }
      }
    }
  }

  private void change(LimitDraft limit) {
    LimitDraft other = limit(limit.name);
    switch (random.nextInt(9)) {
      case 0 -> limit.unlimited = !limit.unlimited;
      case 1 -> limit.algorithm = other.algorithm;
      case 2 -> limit.unit = other.unit;
      case 3 -> limit.requests = other.requests;
      case 4 -> limit.multiplier = other.multiplier;
      case 5 -> limit.burst = other.burst;
      case 6 -> limit.onError = other.onError;
      case 7 -> limit.replaces = other.replaces;
      default -> limit.name = limit.listed ? limit.name : pick(List.of("", "a", "b"));
    }
  }

  private static void collect(List<Node> level, List<List<Node>> levels) {
    levels.add(level);
    level.forEach(node -> collect(node.children, levels));
  }

  private List<Node> level(int levels) {
    List<Node> level = new ArrayList<>();
    int count = levels == 0 ? 0 : random.nextInt(5);
    for (int i = 0; i < count; i++) {
      level.add(node(levels));
    }
    makeDistinct(level);
    return level;
  }

  private static void makeDistinct(List<Node> level) {
    Set<List<String>> seen = new HashSet<>();
    level.removeIf(node -> !seen.add(List.of(node.key, node.value)));
  }

  private Node node(int levels) {
    Node node = new Node();
    node.key = "key" + random.nextInt(2);
    node.value = pick(VALUES);
    giveLimits(node);
    node.shadow = random.nextInt(4) == 0;
    node.quota = random.nextInt(4) == 0;
    node.shared = node.value.contains("*") && random.nextBoolean();
    node.detailedMetric = random.nextInt(4) == 0;
    node.valueToMetric = random.nextInt(4) == 0;
    node.metadata = metadata();
    node.children = level(levels - 1);
    return node;
  }

  private void giveLimits(Node node) {
    node.limits = new ArrayList<>();
    int kind = random.nextInt(5);
    if (kind > 1) {
      node.limits.add(limit(pick(List.of("", "a"))));
    }
    if (kind % 3 == 1) {
      for (String name : List.of("c", "d", "e")) {
        LimitDraft limit = limit(name);
        limit.listed = true;
        node.limits.add(limit);
      }
    }
  }

  private LimitDraft limit(String name) {
    LimitDraft limit = new LimitDraft();
    limit.name = name;
    limit.unlimited = random.nextInt(4) == 0;
    limit.algorithm = pick(ALGORITHMS);
    limit.unit = pick(List.of(RateUnit.values()));
    limit.requests = random.nextInt(9_000);
    limit.multiplier = random.nextInt(60) + 1L;
    limit.burst = random.nextInt(3) == 0 ? 0 : random.nextInt(100) + 1L;
    limit.onError = random.nextBoolean() ? "" : pick(List.of(OnError.values())).yamlName();
    for (int i = random.nextInt(3); i > 0; i--) {
      limit.replaces.add("other " + i);
    }
    return limit;
  }

  private String metadata() {
    return random.nextInt(3) > 0 ? "" : "{\"tier\":[" + random.nextInt(9) + ",{\"a\":null}]}";
  }

  private static DescriptorBuilder build(Node node) {
    DescriptorBuilder descriptor = Descriptor.key(node.key, node.value);
    node.limits.forEach(
        limit -> {
          if (limit.listed) {
            descriptor.limits(build(limit));
          } else {
            descriptor.limit(build(limit));
          }
        });
    setIf(node.shadow, descriptor::shadow);
    setIf(node.quota, descriptor::quota);
    setIf(node.shared, descriptor::shareThreshold);
    setIf(node.detailedMetric, descriptor::detailedMetric);
    setIf(node.valueToMetric, descriptor::valueToMetric);
    setIf(!node.metadata.isEmpty(), () -> descriptor.metadata(node.metadata));
    return descriptor.with(node.children.stream().map(RandomRules::build).toList());
  }

  private static void setIf(boolean is, Runnable setter) {
    if (is) {
      setter.run();
    }
  }

  private static RuleLimitBuilder build(LimitDraft draft) {
    RuleLimitBuilder limit =
        draft.unlimited
            ? RuleLimit.unlimited()
            : RuleLimit.per(draft.requests, draft.unit)
                .algorithm(draft.algorithm)
                .times(draft.multiplier);
    if (!draft.unlimited && draft.burst > 0 && draft.algorithm.endsWith("_bucket")) {
      limit.burst(draft.burst);
    }
    if (!draft.unlimited && !draft.onError.isEmpty()) {
      limit.onError(draft.onError);
    }
    draft.replaces.forEach(limit::replacing);
    return limit.named(draft.name);
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
