package io.weir.streams.serde;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** How a client makes itself known to the registry: the value of the Authorization header. */
sealed interface RegistryCredentials {

  /** The header's value for one of the registry's addresses. */
  Optional<String> header(RegistryUrl url);

  /** Basic authentication with what each address itself says; none where it says nothing. */
  record FromUrl() implements RegistryCredentials {
    @Override
    public Optional<String> header(RegistryUrl url) {
      return url.userInfo().map(RegistryCredentials::basic);
    }
  }

  /** Basic authentication with {@code user:password}. */
  record UserInfo(String userInfo) implements RegistryCredentials {
    @Override
    public Optional<String> header(RegistryUrl url) {
      return Optional.of(basic(userInfo));
    }

    @Override
    public String toString() {
      return "UserInfo[hidden]";
    }
  }

  /** A bearer token. */
  record BearerToken(String token) implements RegistryCredentials {
    @Override
    public Optional<String> header(RegistryUrl url) {
      return Optional.of("Bearer " + token);
    }

    @Override
    public String toString() {
      return "BearerToken[hidden]";
    }
  }

  private static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }
}
