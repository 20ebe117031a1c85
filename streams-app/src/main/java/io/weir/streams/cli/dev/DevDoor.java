package io.weir.streams.cli.dev;

/** Where a user of {@code weir dev} asks. */
enum DevDoor {
  /** A request on the requests topic, decided by the stream. */
  STREAM(""),

  /** A check over HTTP, answered by the gateway. */
  HTTP(", over HTTP"),

  /** A check as Envoy asks for it, answered by the gateway. */
  GRPC(", behind Envoy"),

  /** All of them in turn. */
  EACH(", at every door");

  private final String suffix;

  DevDoor(String suffix) {
    this.suffix = suffix;
  }

  /** What the table says of who asks there. */
  String suffix() {
    return suffix;
  }
}
