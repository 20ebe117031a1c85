package io.weir.limiter.rule;

/**
 * One entry of a descriptor.
 *
 * @param key the attribute
 * @param value its value
 */
public record Entry(String key, String value) {}
