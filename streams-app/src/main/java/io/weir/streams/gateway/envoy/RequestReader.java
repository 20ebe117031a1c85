package io.weir.streams.gateway.envoy;

import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.RateLimitOverride;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.type.v3.RateLimitUnit;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.LimitOverride;
import io.weir.limiter.rule.RateUnit;
import io.weir.limiter.rule.RequestedDescriptor;
import io.weir.streams.query.LimitsQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads Envoy's requests. What is wrong with one is said in the words of envoyproxy/ratelimit where
 * it has words for it.
 */
final class RequestReader {
  static final int MAX_DESCRIPTORS = 64;
  static final int MAX_ENTRIES = 64;

  /** Keys and values of one descriptor together; Envoy takes 60 KiB of headers by default. */
  static final int MAX_DESCRIPTOR_CHARS = LimitsQuestion.MAX_ATTRIBUTES_CHARS;

  private RequestReader() {}

  /** What the request comes to. */
  static Asked read(RateLimitRequest request) {
    Optional<String> mistake = mistake(request);
    if (mistake.isPresent()) {
      return new Asked.Refused(mistake.get());
    }
    if (request.getDescriptorsList().stream().anyMatch(RequestReader::isTooLong)) {
      return new Asked.Denied("a descriptor has more than " + MAX_DESCRIPTOR_CHARS + " characters");
    }
    // Envoy's word for what is not given is 0.
    long requestCost = Math.max(1, Integer.toUnsignedLong(request.getHitsAddend()));
    List<RequestedDescriptor> descriptors = new ArrayList<>(request.getDescriptorsCount());
    for (RateLimitDescriptor descriptor : request.getDescriptorsList()) {
      descriptors.add(descriptor(descriptor, requestCost));
    }
    return new Asked.Judgeable(new DescriptorsRequest(request.getDomain(), descriptors));
  }

  private static RequestedDescriptor descriptor(RateLimitDescriptor descriptor, long requestCost) {
    List<Entry> entries = new ArrayList<>(descriptor.getEntriesCount());
    for (RateLimitDescriptor.Entry entry : descriptor.getEntriesList()) {
      entries.add(new Entry(entry.getKey(), entry.getValue()));
    }
    long cost = descriptor.hasHitsAddend() ? descriptor.getHitsAddend().getValue() : requestCost;
    Optional<LimitOverride> override =
        descriptor.hasLimit() ? Optional.of(override(descriptor.getLimit())) : Optional.empty();
    return new RequestedDescriptor(entries, cost, override);
  }

  private static LimitOverride override(RateLimitOverride limit) {
    return new LimitOverride(
        Integer.toUnsignedLong(limit.getRequestsPerUnit()), unit(limit).orElseThrow());
  }

  /** The unit of an override; empty where it has none that is known. */
  private static Optional<RateUnit> unit(RateLimitOverride limit) {
    return limit.getUnit() == RateLimitUnit.UNKNOWN || limit.getUnit() == RateLimitUnit.UNRECOGNIZED
        ? Optional.empty()
        : RateUnit.find(limit.getUnit().name());
  }

  /** What is wrong with a request by who configured it. */
  private static Optional<String> mistake(RateLimitRequest request) {
    if (request.getDomain().isEmpty()) {
      return Optional.of("rate limit domain must not be empty");
    }
    if (request.getDomain().length() > DomainRules.MAX_DOMAIN_CHARS) {
      return tooMany(
          "rate limit domain",
          request.getDomain().length(),
          "characters",
          DomainRules.MAX_DOMAIN_CHARS);
    }
    if (request.getDescriptorsCount() == 0) {
      return Optional.of("rate limit descriptor list must not be empty");
    }
    if (request.getDescriptorsCount() > MAX_DESCRIPTORS) {
      return tooMany(
          "rate limit descriptor list",
          request.getDescriptorsCount(),
          "descriptors",
          MAX_DESCRIPTORS);
    }
    for (int i = 0; i < request.getDescriptorsCount(); i++) {
      Optional<String> mistake =
          mistake("rate limit descriptor " + (i + 1), request.getDescriptors(i));
      if (mistake.isPresent()) {
        return mistake;
      }
    }
    return Optional.empty();
  }

  /**
   * What is wrong with a descriptor by who configured it.
   *
   * @param which what messages call it
   */
  private static Optional<String> mistake(String which, RateLimitDescriptor descriptor) {
    if (descriptor.getEntriesCount() == 0) {
      return Optional.of(which + " has no entries; it must have at least one");
    }
    if (descriptor.getEntriesCount() > MAX_ENTRIES) {
      return tooMany(which, descriptor.getEntriesCount(), "entries", MAX_ENTRIES);
    }
    for (int i = 0; i < descriptor.getEntriesCount(); i++) {
      if (descriptor.getEntries(i).getKey().isEmpty()) {
        return Optional.of("entry " + (i + 1) + " of " + which + " has an empty key");
      }
    }
    if (descriptor.hasHitsAddend() && descriptor.getHitsAddend().getValue() < 0) {
      return Optional.of(
          "hits_addend of "
              + which
              + " is "
              + Long.toUnsignedString(descriptor.getHitsAddend().getValue())
              + "; it must be at most "
              + Long.MAX_VALUE);
    }
    if (descriptor.hasLimit() && unit(descriptor.getLimit()).isEmpty()) {
      return Optional.of(
          "the limit of "
              + which
              + " has the unit "
              + descriptor.getLimit().getUnitValue()
              + "; it must be one that envoy.type.v3.RateLimitUnit names, and not UNKNOWN");
    }
    return Optional.empty();
  }

  private static Optional<String> tooMany(String which, int count, String what, int most) {
    return Optional.of(which + " has " + count + " " + what + "; it may have " + most);
  }

  private static boolean isTooLong(RateLimitDescriptor descriptor) {
    long chars = 0;
    for (RateLimitDescriptor.Entry entry : descriptor.getEntriesList()) {
      chars += entry.getKey().length() + entry.getValue().length();
    }
    return chars > MAX_DESCRIPTOR_CHARS;
  }
}
