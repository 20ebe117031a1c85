package io.weir.streams.gateway.envoy;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the door's certificates are, all of them PEM.
 *
 * @param certificate the server's certificate, and those between it and its authority's
 * @param key the certificate's private key, in PKCS#8, not encrypted
 * @param clientCa the certificates of the authorities that clients' certificates must be from; with
 *     it clients without one are refused, without it none is asked for
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {}
