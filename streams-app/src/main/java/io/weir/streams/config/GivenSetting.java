package io.weir.streams.config;

/**
 * A setting as somebody wrote it, not yet checked.
 *
 * @param name dotted name
 * @param value its text
 * @param origin where it was written
 */
record GivenSetting(String name, String value, Origin origin) {}
