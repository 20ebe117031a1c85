package io.weir.streams.query;

import org.apache.kafka.streams.state.HostInfo;

/** Where the state of an identifier lives. */
public sealed interface Location {

  /**
   * On this instance.
   *
   * @param partition the partition that the identifier falls into
   */
  record Here(int partition) implements Location {}

  /**
   * On another instance.
   *
   * @param instance the address of its HTTP door
   */
  record There(HostInfo instance) implements Location {}

  /**
   * Not known at the moment.
   *
   * @param why a sentence that the caller may read
   */
  record Unknown(String why) implements Location {}
}
