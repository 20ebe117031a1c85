package io.weir.streams.serde;

import static io.weir.streams.serde.StubRegistry.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path directory;

  @BeforeAll
  static void makeACertificate() throws Exception {
    keytool(
        List.of(
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            "registry",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost",
            "-validity",
            "2",
            "-storetype",
            "PKCS12"));
    keytool(List.of("-exportcert", "-rfc", "-alias", "registry", "-file", path("registry.pem")));
  }

  @Test
  void aCertificateThatNobodyVouchesForIsNotBelieved() throws Exception {
    assertThatThrownBy(() -> ask(Map.of(SerdeConfig.RETRY_TIMEOUT, "1")))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("SSLHandshakeException");
  }

  @Test
  void aTrustStoreIsBelieved() throws Exception {
    ask(
        Map.of(
            "schema.registry.ssl.truststore.location",
            path("registry.p12"),
            "schema.registry.ssl.truststore.type",
            "PKCS12",
            "schema.registry.ssl.truststore.password",
            PASSWORD));
  }

  @Test
  void trustedCertificatesMayBePem() throws Exception {
    ask(
        Map.of(
            "schema.registry.ssl.truststore.location",
            path("registry.pem"),
            "schema.registry.ssl.truststore.type",
            "PEM"));
  }

  @Test
  void aKeyStoreIsRead() throws Exception {
    ask(
        Map.of(
            "schema.registry.ssl.truststore.location",
            path("registry.pem"),
            "schema.registry.ssl.truststore.type",
            "PEM",
            "schema.registry.ssl.keystore.location",
            path("registry.p12"),
            "schema.registry.ssl.keystore.type",
            "PKCS12",
            "schema.registry.ssl.keystore.password",
            PASSWORD));
  }

  @Test
  void aStoreThatCannotBeReadIsNamedWithoutItsPassword() {
    assertThatThrownBy(
            () ->
                ask(
                    Map.of(
                        "schema.registry.ssl.truststore.location", path("registry.p12"),
                        "schema.registry.ssl.truststore.type", "PKCS12",
                        "schema.registry.ssl.truststore.password", "guessed")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(path("registry.p12"))
        .hasMessageNotContaining("guessed");
  }

  private static void ask(Map<String, String> settings) throws Exception {
    try (StubRegistry registry = StubRegistry.https(serverContext())) {
      registry.answer(ok("{\"schema\": \"{\\\"type\\\": \\\"string\\\"}\"}"));
      Map<String, String> config = new HashMap<>(Map.of(SerdeConfig.URL, registry.url()));
      config.putAll(settings);
      var client =
          new HttpSchemaRegistryClient(new SerdeConfig(config), new StopSignal(), new FakeTicker());

      assertThat(client.schemaOf(1).getName()).isEqualTo("string");
    }
  }

  private static SSLContext serverContext() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(path("registry.p12")))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(List.of("-keystore", path("registry.p12"), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static String path(String file) {
    return directory.resolve(file).toString();
  }
}
