package io.weir.limiter.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whose address a request comes from, for limits by address. Immutable and thread-safe.
 *
 * <p><b>Proxies.</b> What a header says of the client is believed only as far as proxies that are
 * named here wrote it. Each proxy appends the address that it was called from, so the entries are
 * walked from the right: the first that is no such proxy is the client. What stands left of it
 * anybody can have written. An entry that is no address ({@code unknown}, or an obfuscated name)
 * ends the walk, too: then the client is told as the proxy that wrote it.
 *
 * <p>Only one header is read, the one that the proxies write: they pass the other on as the client
 * sent it.
 *
 * <p><b>Form.</b> An IPv4 address that is mapped into IPv6 is the IPv4 address. Of an IPv6 address
 * the first 64 bits count, as one client has all of the others: {@code 2001:db8:1:2::/64}.
 *
 * <p><b>Source.</b> RFC 7239 for {@code Forwarded}; {@code X-Forwarded-For} as proxies write it, an
 * address with or without a port.
 */
public final class ClientAddresses {
  /** The header that proxies write. */
  public enum Header {
    /** The list of addresses that most proxies write. */
    X_FORWARDED_FOR("X-Forwarded-For"),
    /** The header of RFC 7239. */
    FORWARDED("Forwarded");

    private final String fieldName;

    Header(String fieldName) {
      this.fieldName = fieldName;
    }

    /** The name of the header. */
    public String fieldName() {
      return fieldName;
    }
  }

  /** More proxies than anybody has in a row. */
  private static final int MAX_ELEMENTS = 32;

  /** All whose address nobody can tell share one budget. */
  private static final String UNKNOWN = "unknown";

  private final List<AddressRange> proxies;
  private final Header header;
  private final int ipv6Bits;

  private ClientAddresses(List<AddressRange> proxies, Header header, int ipv6Bits) {
    this.proxies = proxies;
    this.header = header;
    this.ipv6Bits = ipv6Bits;
  }

  /** The peers' own addresses: no proxy is trusted, and IPv6 counts by 64 bits. */
  public static ClientAddresses ofPeers() {
    return new ClientAddresses(List.of(), Header.X_FORWARDED_FOR, 64);
  }

  /**
   * With proxies that are trusted.
   *
   * @param ranges addresses of proxies, or ranges of them: {@code 10.0.0.0/8}, {@code ::1}
   * @throws IllegalArgumentException with a sentence that says which is no such range
   */
  public ClientAddresses trusting(List<String> ranges) {
    return new ClientAddresses(ranges.stream().map(AddressRange::parse).toList(), header, ipv6Bits);
  }

  /**
   * Whether every address, of IPv4 or IPv6, is that of a trusted proxy: then the client is whoever
   * the request says.
   */
  public boolean trustsEverybody() {
    return proxies.stream().anyMatch(AddressRange::isOfAll);
  }

  /** With the header that the proxies write; {@code X-Forwarded-For} by default. */
  public ClientAddresses header(Header newHeader) {
    return new ClientAddresses(proxies, newHeader, ipv6Bits);
  }

  /**
   * With as many bits of an IPv6 address as tell clients apart.
   *
   * @throws IllegalArgumentException if it is not from 1 to 128
   */
  public ClientAddresses ipv6Prefix(int bits) {
    if (bits < 1 || bits > IpAddress.IPV6_BITS) {
      throw new IllegalArgumentException(
          "the prefix of IPv6 addresses has " + bits + " bits; it must be from 1 to 128");
    }
    return new ClientAddresses(proxies, header, bits);
  }

  /**
   * The client's address.
   *
   * @param peer the address that the connection comes from, as the container tells it
   * @param headers the values of a header by its name, in their order; none or null where it is
   *     absent
   * @return the address, or {@code unknown} where the peer has none, on a Unix socket say
   */
  public String clientOf(String peer, Function<String, ? extends @Nullable List<String>> headers) {
    Optional<IpAddress> client = IpAddress.parse(peer);
    if (client.isEmpty()) {
      return UNKNOWN;
    }
    if (!isProxy(client.get())) {
      return text(client.get());
    }
    IpAddress nearest = client.get();
    List<String> values = headers.apply(header.fieldName());
    for (String written : entries(values == null ? List.of() : values)) {
      Optional<IpAddress> entry = address(written);
      if (entry.isEmpty()) {
        return text(nearest);
      }
      nearest = entry.get();
      if (!isProxy(nearest)) {
        return text(nearest);
      }
    }
    return text(nearest);
  }

  private boolean isProxy(IpAddress address) {
    return proxies.stream().anyMatch(range -> range.contains(address));
  }

  private String text(IpAddress address) {
    return address.bits() == IpAddress.IPV4_BITS || ipv6Bits == IpAddress.IPV6_BITS
        ? address.toString()
        : address.prefix(ipv6Bits) + "/" + ipv6Bits;
  }

  /** What each proxy wrote, the nearest first. */
  private List<String> entries(List<String> values) {
    return elements(String.join(",", values), ',');
  }

  /**
   * The parts between separators that are not in quotes, from the right. There the trusted proxies
   * wrote: a quote that the client left open opens nothing for them.
   */
  private static List<String> elements(String text, char separator) {
    List<String> elements = new ArrayList<>();
    boolean quoted = false;
    int end = text.length();
    for (int i = end - 1; i >= 0 && elements.size() < MAX_ELEMENTS; i--) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        elements.add(text.substring(i + 1, end).strip());
        end = i;
      }
    }
    if (elements.size() < MAX_ELEMENTS) {
      elements.add(text.substring(0, end).strip());
    }
    return elements;
  }

  private Optional<IpAddress> address(String entry) {
    String node = entry;
    if (header == Header.FORWARDED) {
      node =
          elements(entry, ';').stream()
              .filter(pair -> pair.toLowerCase(Locale.ROOT).startsWith("for="))
              .findFirst()
              .map(pair -> unquoted(pair.substring("for=".length())))
              .orElse("");
    }
    return IpAddress.parse(withoutPort(node));
  }

  private static String unquoted(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  /** An IPv6 address with a port has brackets, an IPv4 address one colon. */
  private static String withoutPort(String node) {
    int bracket = node.indexOf(']');
    if (node.startsWith("[") && bracket > 0) {
      return node.substring(0, bracket + 1);
    }
    int colon = node.indexOf(':');
    return colon >= 0 && colon == node.lastIndexOf(':') ? node.substring(0, colon) : node;
  }
}
