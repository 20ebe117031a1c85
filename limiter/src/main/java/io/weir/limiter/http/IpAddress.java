package io.weir.limiter.http;

import java.util.Arrays;
import java.util.Optional;

/**
 * An IP address, read from a literal without asking any name service. An IPv4 address that is
 * mapped into IPv6 (RFC 4291, section 2.5.5.2) is the IPv4 address. Immutable.
 */
final class IpAddress {
  static final int IPV4_BITS = 32;
  static final int IPV6_BITS = 128;

  private static final int MAX_CHARS = 64;
  private static final int GROUPS = 8;

  /** 4 or 16 of them. */
  private final byte[] bytes;

  private IpAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The address of a literal; brackets around it and a zone behind it mean nothing. */
  static Optional<IpAddress> parse(String text) {
    String literal = text;
    if (literal.length() > MAX_CHARS) {
      return Optional.empty();
    }
    if (literal.startsWith("[") && literal.endsWith("]")) {
      literal = literal.substring(1, literal.length() - 1);
    }
    if (literal.indexOf(':') < 0) {
      return parseIpv4(literal).map(IpAddress::new);
    }
    int zone = literal.indexOf('%');
    return parseIpv6(zone < 0 ? literal : literal.substring(0, zone));
  }

  int bits() {
    return bytes.length * Byte.SIZE;
  }

  /** This address with so many bits, and zeros behind them. */
  IpAddress prefix(int bits) {
    byte[] masked = new byte[bytes.length];
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
      masked[i] = (byte) (bytes[i] & (0xFF << (Byte.SIZE - kept)));
    }
    return new IpAddress(masked);
  }

  /** Four numbers from 0 to 255 without leading zeros, which some read as octal. */
  private static Optional<byte[]> parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < bytes.length; i++) {
      int number = number(parts[i], 10, 3);
      if (number < 0 || number > 0xFF || (parts[i].length() > 1 && parts[i].startsWith("0"))) {
        return Optional.empty();
      }
      bytes[i] = (byte) number;
    }
    return Optional.of(bytes);
  }

  private static Optional<IpAddress> parseIpv6(String text) {
    int gap = text.indexOf("::");
    Optional<int[]> groups =
        gap < 0
            ? groups(text).filter(all -> all.length == GROUPS)
            : withGap(text.substring(0, gap), text.substring(gap + 2));
    return groups.map(IpAddress::of);
  }

  private static Optional<int[]> withGap(String before, String after) {
    Optional<int[]> head = before.isEmpty() ? Optional.of(new int[0]) : hexGroups(before);
    Optional<int[]> tail = after.isEmpty() ? Optional.of(new int[0]) : groups(after);
    if (head.isEmpty() || tail.isEmpty() || head.get().length + tail.get().length >= GROUPS) {
      return Optional.empty();
    }
    int[] all = Arrays.copyOf(head.get(), GROUPS);
    int tailLength = tail.get().length;
    System.arraycopy(tail.get(), 0, all, GROUPS - tailLength, tailLength);
    return Optional.of(all);
  }

  /** Groups of which the last two may be written as an IPv4 address. */
  private static Optional<int[]> groups(String text) {
    int last = text.lastIndexOf(':');
    if (text.indexOf('.') < 0) {
      return hexGroups(text);
    }
    Optional<byte[]> ipv4 = parseIpv4(text.substring(last + 1));
    Optional<int[]> head = last < 0 ? Optional.of(new int[0]) : hexGroups(text.substring(0, last));
    if (ipv4.isEmpty() || head.isEmpty()) {
      return Optional.empty();
    }
    byte[] four = ipv4.get();
    int length = head.get().length;
    int[] all = Arrays.copyOf(head.get(), length + 2);
    all[length] = (four[0] & 0xFF) << Byte.SIZE | (four[1] & 0xFF);
    all[length + 1] = (four[2] & 0xFF) << Byte.SIZE | (four[3] & 0xFF);
    return Optional.of(all);
  }

  private static Optional<int[]> hexGroups(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length > GROUPS) {
      return Optional.empty();
    }
    int[] groups = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      groups[i] = number(parts[i], 16, 4);
      if (groups[i] < 0) {
        return Optional.empty();
      }
    }
    return Optional.of(groups);
  }

  /** A number of one to so many ASCII digits; below 0 where it is none. */
  private static int number(String digits, int radix, int maxDigits) {
    if (digits.isEmpty() || digits.length() > maxDigits) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      number = number * radix + digit;
    }
    return number;
  }

  private static IpAddress of(int[] groups) {
    byte[] bytes = new byte[2 * GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      bytes[2 * i] = (byte) (groups[i] >> Byte.SIZE);
      bytes[2 * i + 1] = (byte) groups[i];
    }
    boolean mapped = groups[5] == 0xFFFF;
    for (int i = 0; i < 5; i++) {
      mapped &= groups[i] == 0;
    }
    return new IpAddress(mapped ? Arrays.copyOfRange(bytes, 12, 16) : bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The one way to write it: of IPv6 that of RFC 5952. */
  @Override
  public String toString() {
    return bytes.length == 4
        ? (bytes[0] & 0xFF)
            + "."
            + (bytes[1] & 0xFF)
            + "."
            + (bytes[2] & 0xFF)
            + "."
            + (bytes[3] & 0xFF)
        : ipv6Text();
  }

  private String ipv6Text() {
    int gapStart = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && group(end) == 0) {
        end++;
      }
      if (end - i > gapLength) {
        gapStart = i;
        gapLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == gapStart) {
        text.append("::");
        i += gapLength - 1;
      } else {
        boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        text.append(first ? "" : ":").append(Integer.toHexString(group(i)));
      }
    }
    return text.toString();
  }

  private int group(int i) {
    return (bytes[2 * i] & 0xFF) << Byte.SIZE | (bytes[2 * i + 1] & 0xFF);
  }
}
