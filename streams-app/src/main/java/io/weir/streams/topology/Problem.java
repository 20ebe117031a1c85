package io.weir.streams.topology;

import java.util.Locale;

/** What can be wrong with a record of the requests topic: a header of dead letters, and a label. */
public enum Problem {
  /** The bytes are not a RequestEvent. */
  UNDECODABLE,
  /** The record has no value. */
  NO_VALUE,
  /** The request_id is empty or too long. */
  REQUEST_ID,
  /** The domain is empty or too long. */
  DOMAIN,
  /** The cost is below 0. */
  COST,
  /** The timestamp is negative or too far ahead of the clock. */
  TIMESTAMP,
  /** There are too many attributes, or they are too long. */
  ATTRIBUTES,
  /** The operation is not supported. */
  OPERATION,
  /** The identifier has no value or is too long. */
  IDENTIFIER,
  /** More limits apply than one request may have. */
  LIMITS,
  /** The input is keyed, and this record's key is not its identifier. */
  KEY,
  /** The input is keyed, and this record is on another partition than its key belongs to. */
  PARTITION;

  /** The name in headers and metric labels. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
