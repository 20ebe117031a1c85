package io.weir.limiter.rule;

import java.util.List;

/**
 * What a file says, not checked yet.
 *
 * @param domain the domain; empty where it was not named
 * @param descriptors the first level; may grow
 * @param place where it stands
 */
record DomainDraft(String domain, List<DescriptorBuilder> descriptors, Place place) {}
