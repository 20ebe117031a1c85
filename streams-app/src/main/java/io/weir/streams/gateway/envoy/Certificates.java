package io.weir.streams.gateway.envoy;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.grpc.util.CertificateUtils;
import io.weir.streams.config.FileFaults;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door's certificates, read again when what is in their files has changed. Connections that
 * come then meet the new ones; those that are open stay. Where the new ones are wrong, the old ones
 * stay, and the log says why.
 *
 * <p>Not gRPC's own refresh: that goes by the files' times, and waits for the key to change as well
 * as the certificate.
 */
final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

  private final TlsFiles files;
  private final InstantSource clock;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final Optional<AdvancedTlsX509TrustManager> clients;

  /** What the certificates in force were read from. */
  private List<ByteBuffer> inForce;

  /** What is wrong with the files now, as it was logged; empty where nothing is. */
  private String complaint = "";

  /**
   * Reads the certificates.
   *
   * @param clock tells whether they are out of date
   * @throws EnvoyDoorException if a file cannot be read, or is not what it should be
   */
  Certificates(TlsFiles files, InstantSource clock) {
    this.files = files;
    this.clock = clock;
    this.clients = files.clientCa().map(path -> trustManager());
    this.inForce = contents();
    use(inForce);
  }

  private static AdvancedTlsX509TrustManager trustManager() {
    try {
      return AdvancedTlsX509TrustManager.newBuilder()
          // There is no host to compare with: whoever has a certificate of the authority may ask.
          .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
          .build();
    } catch (CertificateException e) {
      throw new EnvoyDoorException("this Java runtime has no X.509 certificates", e);
    }
  }

  /** What the server shows, and asks for. */
  ServerCredentials credentials() {
    TlsServerCredentials.Builder credentials = TlsServerCredentials.newBuilder().keyManager(keys);
    clients.ifPresent(
        trust ->
            credentials.trustManager(trust).clientAuth(TlsServerCredentials.ClientAuth.REQUIRE));
    return credentials.build();
  }

  /** Looks whether the files have changed. What is wrong with them is logged once. */
  synchronized void refresh() {
    try {
      List<ByteBuffer> now = contents();
      if (!now.equals(inForce)) {
        use(now);
        inForce = now;
        LOG.info("The certificates of the gRPC door were read anew");
      }
      complaint = "";
    } catch (EnvoyDoorException e) {
      String sentence = String.valueOf(e.getMessage());
      if (!sentence.equals(complaint)) {
        complaint = sentence;
        LOG.error("The certificates of the gRPC door stay as they are: {}", sentence);
      }
    } catch (RuntimeException | LinkageError e) {
      // It would end the looks at the files.
      if (!e.toString().equals(complaint)) {
        complaint = e.toString();
        LOG.error("The certificates of the gRPC door stay as they are", e);
      }
    }
  }

  private List<ByteBuffer> contents() {
    List<ByteBuffer> contents = new ArrayList<>();
    contents.add(content("grpc.tls.certificate", files.certificate()));
    contents.add(content("grpc.tls.key", files.key()));
    files.clientCa().ifPresent(path -> contents.add(content("grpc.tls.client.ca", path)));
    return contents;
  }

  private static ByteBuffer content(String setting, Path file) {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(file)).asReadOnlyBuffer();
    } catch (IOException e) {
      throw new EnvoyDoorException(setting + ": " + FileFaults.unreadable(file, e), e);
    }
  }

  /** Puts all of them in force, or none. */
  private void use(List<ByteBuffer> contents) {
    X509Certificate[] chain =
        certificates("grpc.tls.certificate", files.certificate(), contents.get(0));
    PrivateKey key = privateKey(contents.get(1));
    requireMatch(key, chain[0].getPublicKey());
    if (clients.isPresent()) {
      Path file = files.clientCa().orElseThrow();
      X509Certificate[] authorities = certificates("grpc.tls.client.ca", file, contents.get(2));
      try {
        clients.get().updateTrustCredentials(authorities);
      } catch (IOException | GeneralSecurityException e) {
        throw new EnvoyDoorException(
            "grpc.tls.client.ca: " + file + " cannot be used: " + e.getMessage(), e);
      }
    }
    keys.updateIdentityCredentials(chain, key);
    warnIfOutOfDate(chain[0]);
  }

  private static X509Certificate[] certificates(String setting, Path file, ByteBuffer pem) {
    try {
      X509Certificate[] certificates = CertificateUtils.getX509Certificates(stream(pem));
      if (certificates.length > 0) {
        return certificates;
      }
    } catch (CertificateException e) {
      throw notPem(setting, file, e);
    }
    throw notPem(setting, file, new CertificateException("no certificate is in it"));
  }

  private static EnvoyDoorException notPem(String setting, Path file, CertificateException e) {
    return new EnvoyDoorException(
        setting
            + ": "
            + file
            + " holds no certificate; it must be PEM, with -----BEGIN CERTIFICATE-----",
        e);
  }

  private PrivateKey privateKey(ByteBuffer pem) {
    try {
      return CertificateUtils.getPrivateKey(stream(pem));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new EnvoyDoorException(
          "grpc.tls.key: "
              + files.key()
              + " holds no private RSA or EC key in PKCS#8; it must be PEM, with -----BEGIN PRIVATE"
              + " KEY-----, as 'openssl pkcs8 -topk8 -nocrypt' writes it",
          e);
    }
  }

  /** What the key signs must be what the certificate proves: nobody would get in otherwise. */
  private void requireMatch(PrivateKey key, PublicKey certified) {
    boolean matches;
    try {
      Signature signature =
          Signature.getInstance(
              "RSA".equals(key.getAlgorithm()) ? "SHA256withRSA" : "SHA256withECDSA");
      byte[] text = {1, 2, 3};
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(text);
      matches = signature.verify(signed);
    } catch (GeneralSecurityException e) {
      matches = false;
    }
    if (!matches) {
      throw new EnvoyDoorException(
          "grpc.tls.key: "
              + files.key()
              + " is not the key of the first certificate in "
              + files.certificate());
    }
  }

  private void warnIfOutOfDate(X509Certificate certificate) {
    Instant now = clock.instant();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      LOG.warn(
          "The certificate in {} is valid from {} to {}; clients may refuse it",
          files.certificate(),
          from,
          until);
    }
  }

  private static ByteArrayInputStream stream(ByteBuffer pem) {
    byte[] bytes = new byte[pem.remaining()];
    pem.duplicate().get(bytes);
    return new ByteArrayInputStream(bytes);
  }
}
