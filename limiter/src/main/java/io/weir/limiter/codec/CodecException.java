package io.weir.limiter.codec;

/** Bytes are no row that this release can read; the message says where and why. */
public final class CodecException extends RuntimeException {

  /** An exception with a sentence that says what is wrong with the bytes. */
  public CodecException(String message) {
    super(message);
  }

  /** As above, with the cause that refused what was read. */
  public CodecException(String message, Throwable cause) {
    super(message, cause);
  }
}
