package io.weir.streams.rules;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DescriptorBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Metadata;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleLimitBuilder;
import io.weir.limiter.rule.RulesException;
import io.weir.schemas.RuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the records of the rules topic into rules and back, without loss. Immutable and
 * thread-safe.
 */
public final class RulesConverter {
  private final Algorithms algorithms;

  /** A converter for rules that may name these algorithms. */
  public RulesConverter(Algorithms algorithms) {
    this.algorithms = algorithms;
  }

  /**
   * The rules of a record. What was hardly meant so, who wrote it was told.
   *
   * @param revision which edition they are
   * @throws RulesException if they make no sense; each line of the message begins with the path in
   *     the tree
   */
  public DomainRules toRules(io.weir.schemas.DomainRules record, long revision) {
    return DomainRules.load(record.getDomain(), algorithms, toBuilders(record.getDescriptors(), 1))
        .domains()
        .get(0)
        .withRevision(revision);
  }

  /**
   * The domain that a record of the topic is about.
   *
   * @param key the record's key
   * @throws RulesException if there is none
   */
  public static String domainOf(byte @Nullable [] key) {
    if (key == null) {
      throw new RulesException("it has no key; the key must be the domain");
    }
    return new String(key, StandardCharsets.UTF_8);
  }

  /**
   * The rules that a record of the topic puts in force. Whatever a record holds, nothing else than
   * the one exception comes of it, so that no bad record ends who reads the topic.
   *
   * @param domain the record's domain, by its key
   * @param value the record's value, decoded; null where the bytes came to nothing
   * @param revision the record's offset
   * @throws RulesException if they make no sense, or are another domain's
   */
  public DomainRules inForce(
      String domain, io.weir.schemas.@Nullable DomainRules value, long revision) {
    if (value == null) {
      throw new RulesException("its value holds no rules");
    }
    DomainRules rules;
    try {
      rules = toRules(value, revision);
    } catch (RulesException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new RulesException("its rules cannot be understood: " + e);
    }
    if (!rules.domain().equals(domain)) {
      throw new RulesException(
          "its key is '"
              + domain
              + "' and its domain '"
              + rules.domain()
              + "'; give both the same");
    }
    return rules;
  }

  /**
   * The record of rules.
   *
   * @param source where they came from, for people
   */
  public io.weir.schemas.DomainRules toRecord(DomainRules rules, Optional<String> source) {
    return io.weir.schemas.DomainRules.newBuilder()
        .setDomain(rules.domain())
        .setSource(source.orElse(null))
        .setDescriptors(toRecords(rules.descriptors()))
        .build();
  }

  /**
   * One level more than is allowed, so that trees that are too deep are seen, and no stack ends.
   */
  private static List<DescriptorBuilder> toBuilders(List<RuleDescriptor> records, int level) {
    List<DescriptorBuilder> builders = new ArrayList<>();
    if (level <= DomainRules.MAX_LEVELS + 1) {
      records.forEach(record -> builders.add(toBuilder(record, level)));
    }
    return builders;
  }

  private static DescriptorBuilder toBuilder(RuleDescriptor record, int level) {
    DescriptorBuilder builder =
        Descriptor.key(record.getKey(), Optional.ofNullable(record.getValue()).orElse(""));
    boolean isSingle = record.getSingle() || record.getSingleFirst();
    for (io.weir.schemas.RuleLimit limit : record.getLimits()) {
      if (isSingle) {
        builder.limit(toBuilder(limit));
      } else {
        builder.limits(toBuilder(limit));
      }
      isSingle = record.getSingle();
    }
    if (record.getShadowMode()) {
      builder.shadow();
    }
    if (record.getQuotaMode()) {
      builder.quota();
    }
    if (record.getShareThreshold()) {
      builder.shareThreshold();
    }
    if (record.getDetailedMetric()) {
      builder.detailedMetric();
    }
    if (record.getValueToMetric()) {
      builder.valueToMetric();
    }
    Optional.ofNullable(record.getMetadata()).ifPresent(builder::metadata);
    return builder.with(toBuilders(record.getDescriptors(), level + 1));
  }

  private static RuleLimitBuilder toBuilder(io.weir.schemas.RuleLimit record) {
    String unit = Optional.ofNullable(record.getUnit()).orElse("");
    RuleLimitBuilder builder =
        record.getUnlimited()
            ? RuleLimit.unlimited().unit(unit)
            : RuleLimit.per(Optional.ofNullable(record.getRequestsPerUnit()).orElse(0L), unit);
    Optional.ofNullable(record.getName()).ifPresent(builder::named);
    Optional.ofNullable(record.getAlgorithm()).ifPresent(builder::algorithm);
    Optional.ofNullable(record.getBurst()).ifPresent(builder::burst);
    Optional.ofNullable(record.getOnError()).ifPresent(builder::onError);
    if (record.getUnitMultiplier() != 1) {
      builder.times(record.getUnitMultiplier());
    }
    record.getReplaces().forEach(builder::replacing);
    return builder;
  }

  private static List<RuleDescriptor> toRecords(List<Descriptor> descriptors) {
    List<RuleDescriptor> records = new ArrayList<>();
    for (Descriptor descriptor : descriptors) {
      records.add(
          RuleDescriptor.newBuilder()
              .setKey(descriptor.key())
              .setValue(descriptor.value().orElse(null))
              .setLimits(descriptor.limits().stream().map(RulesConverter::toRecord).toList())
              .setSingle(descriptor.namedLimits().isEmpty())
              .setSingleFirst(descriptor.limit().isPresent() && !descriptor.namedLimits().isEmpty())
              .setShadowMode(descriptor.isShadow())
              .setQuotaMode(descriptor.isQuota())
              .setShareThreshold(descriptor.sharesThreshold())
              .setDetailedMetric(descriptor.hasDetailedMetric())
              .setValueToMetric(descriptor.hasValueToMetric())
              .setMetadata(descriptor.metadata().map(Metadata::json).orElse(null))
              .setDescriptors(toRecords(descriptor.children()))
              .build());
    }
    return records;
  }

  private static io.weir.schemas.RuleLimit toRecord(RuleLimit limit) {
    io.weir.schemas.RuleLimit.Builder record =
        io.weir.schemas.RuleLimit.newBuilder()
            .setName(limit.name().orElse(null))
            .setUnlimited(limit instanceof RuleLimit.Unlimited)
            .setReplaces(limit.replaces());
    if (limit instanceof RuleLimit.Limited limited) {
      record
          .setAlgorithm(limited.limit().algorithm().name())
          .setRequestsPerUnit(limited.limit().requests())
          .setUnit(limited.unit().yamlName())
          .setUnitMultiplier(limited.unitMultiplier())
          .setBurst(limited.hasOwnBurst() ? limited.limit().burst() : null)
          .setOnError(limited.onError().map(OnError::yamlName).orElse(null));
    }
    return record.build();
  }
}
