package io.weir.streams.config;

import java.util.regex.Pattern;

/**
 * Tells settings from variables that Kubernetes puts into every container beside a Service: with
 * one called weir-schema-registry there is {@code WEIR_SCHEMA_REGISTRY_PORT=tcp://10.0.0.1:8081}.
 */
final class ServiceLinks {
  private static final Pattern NAME =
      Pattern.compile(
          ".+_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
  private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private ServiceLinks() {}

  /** Whether a variable is such a one. Its value decides where the name may be a setting's too. */
  static boolean isOne(String variable, String value) {
    return NAME.matcher(variable).matches()
        || (variable.endsWith("_PORT") && ADDRESS.matcher(value).matches());
  }
}
