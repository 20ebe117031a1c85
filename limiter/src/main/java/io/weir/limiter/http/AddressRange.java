package io.weir.limiter.http;

import io.weir.limiter.words.Quoted;

/**
 * The addresses that begin with a prefix, as CIDR writes it: {@code 10.0.0.0/8}, {@code
 * 2001:db8::/32}; a single address is a range of one. Immutable.
 */
final class AddressRange {
  private final IpAddress first;
  private final int bits;

  private AddressRange(IpAddress first, int bits) {
    this.first = first;
    this.bits = bits;
  }

  /**
   * The range that a text says.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong with it
   */
  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    IpAddress address =
        IpAddress.parse(slash < 0 ? text : text.substring(0, slash))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "'"
                            + Quoted.text(text)
                            + "' is no range of addresses, such as 10.0.0.0/8 or ::1"));
    int bits = slash < 0 ? address.bits() : bits(text.substring(slash + 1), address, text);
    IpAddress first = address.prefix(bits);
    if (!first.equals(address)) {
      throw new IllegalArgumentException(
          "'"
              + Quoted.text(text)
              + "' has bits behind its prefix; the range is "
              + first
              + "/"
              + bits);
    }
    return new AddressRange(first, bits);
  }

  private static int bits(String digits, IpAddress address, String text) {
    try {
      int bits = Integer.parseInt(digits);
      if (bits >= 0 && bits <= address.bits()) {
        return bits;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "'"
            + Quoted.text(text)
            + "' has the prefix "
            + Quoted.text(digits)
            + "; it must be from 0 to "
            + address.bits());
  }

  /** Whether it is of all addresses of its family. */
  boolean isOfAll() {
    return bits == 0;
  }

  boolean contains(IpAddress address) {
    return address.bits() == first.bits() && address.prefix(bits).equals(first);
  }
}
