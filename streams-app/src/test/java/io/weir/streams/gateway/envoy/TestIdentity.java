package io.weir.streams.gateway.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A key and a certificate that it signed itself, as PEM; made by the JDK's keytool. Who trusts the
 * certificate trusts whoever has the key.
 *
 * @param certificate the certificate, PEM
 * @param key the private key, PEM of PKCS#8
 */
public record TestIdentity(String certificate, String key) {
  /** A name that the certificate is for, beside 127.0.0.1. */
  public static final String HOST = "weir.example.org";

  private static final String PASSWORD = "changeit";

  /**
   * Makes one for 127.0.0.1 and {@link #HOST}.
   *
   * @param directory for files that nobody needs afterwards
   * @param algorithm {@code EC} or {@code RSA}
   * @param validity arguments of keytool that say from when and how long, such as {@code -validity
   *     2}
   */
  public static TestIdentity make(Path directory, String algorithm, String... validity)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = Files.createTempDirectory(directory, "identity").resolve("store.p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-alias",
                "it",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:" + HOST,
                "-ext",
                "bc:c",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(List.of(validity));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return new TestIdentity(
        pem("CERTIFICATE", keys.getCertificate("it").getEncoded()),
        pem("PRIVATE KEY", keys.getKey("it", PASSWORD.toCharArray()).getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
