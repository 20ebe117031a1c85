package io.weir.streams.serde;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Key and trust stores for a registry behind TLS. What is not given is the JDK's default.
 *
 * @param trustStore whom to believe
 * @param keyStore who we are, for mutual TLS
 * @param keyPassword password of the key in the key store, if it is not the store's
 */
record RegistryTls(
    Optional<Store> trustStore, Optional<Store> keyStore, Optional<String> keyPassword) {

  private static final String PEM = "PEM";

  /**
   * A key store in a file.
   *
   * @param location the file
   * @param type JKS, PKCS12, or, for trusted certificates alone, PEM
   * @param password its password
   */
  record Store(Path location, String type, Optional<String> password) {
    @Override
    public String toString() {
      return location + " (" + type + ")";
    }
  }

  /** Whether anything differs from the JDK's default. */
  boolean isCustom() {
    return trustStore.isPresent() || keyStore.isPresent();
  }

  /**
   * Reads the stores.
   *
   * @throws ConfigException if a store cannot be read
   */
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keyStore.isPresent() ? keyManagers(keyStore.get()).getKeyManagers() : null,
          trustStore.isPresent() ? trustManagers(trustStore.get()).getTrustManagers() : null,
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new ConfigException("TLS for the schema registry cannot be set up: " + e.getMessage());
    }
  }

  private TrustManagerFactory trustManagers(Store store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(PEM.equalsIgnoreCase(store.type()) ? loadPem(store) : load(store));
    return factory;
  }

  private KeyManagerFactory keyManagers(Store store) throws GeneralSecurityException {
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(load(store), chars(keyPassword.or(store::password)));
    return factory;
  }

  private static KeyStore load(Store store) throws GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(store.type());
    try (InputStream in = Files.newInputStream(store.location())) {
      keys.load(in, chars(store.password()));
      return keys;
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  private static KeyStore loadPem(Store store) throws GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
    try (InputStream in = Files.newInputStream(store.location())) {
      keys.load(null, null);
      int count = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        keys.setCertificateEntry("trusted-" + count++, certificate);
      }
      return keys;
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  private static ConfigException unreadable(Store store, IOException e) {
    return new ConfigException(
        "cannot read the store " + store + " for the schema registry: " + e.getMessage());
  }

  /** Without a password KeyStore takes null, which skips the integrity check. */
  private static char @Nullable [] chars(Optional<String> password) {
    return password.map(String::toCharArray).orElse(null);
  }
}
