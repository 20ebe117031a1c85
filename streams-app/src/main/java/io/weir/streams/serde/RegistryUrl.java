package io.weir.streams.serde;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;

/**
 * One address of a registry.
 *
 * @param base address without credentials and without a slash at the end
 * @param userInfo credentials that the address had: {@code user:password}
 */
record RegistryUrl(URI base, Optional<String> userInfo) {

  /** Scheme of the registry that lives in this process. */
  static final String IN_PROCESS = "mock";

  /**
   * Reads an address.
   *
   * @throws ConfigException if it is none
   */
  static RegistryUrl parse(String text) {
    URI uri;
    try {
      uri = URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      throw invalid(text);
    }
    String scheme = uri.getScheme();
    if (scheme == null
        || !scheme.matches("https?|" + IN_PROCESS)
        || uri.getRawAuthority() == null) {
      throw invalid(text);
    }
    String authority = uri.getRawAuthority();
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    String path = uri.getRawPath().replaceAll("/+$", "");
    Optional<String> userInfo =
        Optional.ofNullable(uri.getRawUserInfo())
            .map(raw -> URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
    return new RegistryUrl(URI.create(scheme + "://" + host + path), userInfo);
  }

  /** Whether this names the registry that lives in this process. */
  boolean isInProcess() {
    return IN_PROCESS.equals(base.getScheme());
  }

  /** The address of a resource below this one; the path begins with a slash and is encoded. */
  URI resolve(String path) {
    return URI.create(base + path);
  }

  /** Without the credentials. */
  @Override
  public String toString() {
    return base.toString();
  }

  private static ConfigException invalid(String text) {
    // What stands before an @ may be a password.
    return new ConfigException(
        SerdeConfig.URL
            + " has an element that is no address: "
            + text.replaceAll(".*@", "…@")
            + "; it must be like http://host:8081 or https://host/path");
  }
}
