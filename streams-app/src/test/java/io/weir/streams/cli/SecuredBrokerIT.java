package io.weir.streams.cli;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.Decision;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.cli.gateway.DecisionLogFactory;
import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.gateway.decisions.DecisionLog;
import io.weir.streams.real.RealBroker;
import io.weir.streams.topology.DecidedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that wants a password and grants nothing unasked: the rights that docs/operations.md
 * lists are enough, and what is missing is named.
 */
@ExtendWith(RealBroker.class)
class SecuredBrokerIT {
  private static final String PLAIN_LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: year, requests_per_unit: 3}
        - key: ip
          rate_limit: {unit: year, requests_per_unit: 5}
      """;

  private final RegistryProcess registry;
  private final int port;

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init") // JUnit injects the directory
  SecuredBrokerIT(RegistryProcess registry) throws IOException {
    this.registry = registry;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
    }
  }

  @Test
  void theRightsOfTheManualAreEnoughForEachRole() throws Exception {
    try (KafkaProcess kafka = KafkaProcess.start(RealBroker.files(), secured())) {
      RealWeir weir = RealWeir.in(directory, kafka, registry);
      String name = weir.name();
      grant(kafka, rights(name));
      weir.environment().put("WEIR_BOOTSTRAP_SERVERS", "127.0.0.1:" + port);
      Path rules = Files.writeString(directory.resolve("api.yaml"), RULES);

      assertOk(as("operator", weir).run("topics", "apply", "--replicas", "1"));
      assertOk(as("operator", weir).run("topics", "check", "--replicas", "1"));
      assertOk(as("operator", weir).run("rules", "apply", rules.toString()));
      assertOk(as("operator", weir).run("rules", "list"));
      Process application =
          RunProcess.start(
              directory.resolve("run.log"), environment("application", "application-secret", weir));
      try {
        assertOk(
            as("client", weir)
                .run("send", "--domain", "api", "user_id=1", "ip=10.0.0.1", "--count", "5"));
        Result watched =
            as("client", weir).run("watch", "--from-beginning", "--max", "5", "--for", "60s");
        assertThat(watched.out().lines()).as(watched.err()).hasSize(5);
        assertThatAGatewayWritesOnceItMay(kafka, weir);
        assertOk(as("client", weir).run("reset", "--domain", "api", "user_id=1", "ip=10.0.0.1"));
        assertThat(application.isAlive()).isTrue();
      } finally {
        RunProcess.end(application);
        application.waitFor();
      }

      Map<String, String> gateway = environment("gateway", "gateway-secret", weir);
      gateway.put("WEIR_REDIS_URI", "redis://127.0.0.1:1"); // Nobody is asked.
      gateway.put("WEIR_GRPC_PORT", "0");
      Path log = directory.resolve("gateway.log");
      RunProcess.end(RunProcess.startGateway(log, gateway));
      assertThat(Files.readString(log)).contains("Domain api: rules of revision");

      Result refused = as("client", weir).run("rules", "apply", rules.toString());
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .contains(name + ".rules")
          .contains("docs/operations.md")
          .doesNotContain("\tat ");
      assertThat(as("client", weir).run("topics", "check").err())
          .startsWith("error: Kafka does not permit ")
          .contains(name + ".");
      Result wrong = Commands.in(environment("operator", "guess", weir)).run("topics", "check");
      assertThat(wrong.code()).isEqualTo(1);
      assertThat(wrong.err()).contains("uthentication").doesNotContain("\tat ");
    }
  }

  private static void assertThatAGatewayWritesOnceItMay(KafkaProcess kafka, RealWeir weir)
      throws Exception {
    Settings settings =
        SettingsLoader.load(
            Optional.empty(),
            environment("gateway", "gateway-secret", weir),
            Map.of("gateway.decisions.enabled", "true"));
    MeterRegistry meters = new SimpleMeterRegistry();
    try (DecisionLog log =
        DecisionLogFactory.start(settings, StopTime.of(Duration.ofSeconds(30)), meters)
            .orElseThrow()) {
      log.decided(new DecidedRequest("g-1", "api", Decision.invalid("no attribute", 1, 1)));
      log.decided(new DecidedRequest("g-2", "api", Decision.invalid("no attribute", 2, 2)));
      // The first one is refused, and the other waits behind it.
      Gauge waiting = meters.get("weir.gateway.decisions.waiting").gauge();
      await().until(() -> waiting.value() == 1);

      grant(kafka, List.of(right("gateway", TOPIC, weir.name() + ".decisions", LITERAL, WRITE)));

      Counter written = meters.get("weir.gateway.decisions.written").counter();
      await().atMost(Duration.ofMinutes(1)).until(() -> written.count() == 2);
    }
  }

  /** Docs/operations.md says the same in a table. */
  private static List<AclBinding> rights(String name) {
    List<AclBinding> rights = new ArrayList<>();
    rights.add(right("application", TOPIC, name + ".", PREFIXED, DESCRIBE));
    rights.add(right("application", TOPIC, name + ".", PREFIXED, DESCRIBE_CONFIGS));
    rights.add(right("application", TOPIC, name + ".requests", LITERAL, READ));
    rights.add(right("application", TOPIC, name + ".rules", LITERAL, READ));
    rights.add(right("application", TOPIC, name + ".releases", LITERAL, READ));
    rights.add(right("application", TOPIC, name + ".releases", LITERAL, WRITE));
    rights.add(right("application", TOPIC, name + ".decisions", LITERAL, WRITE));
    rights.add(right("application", TOPIC, name + ".dead-letter", LITERAL, WRITE));
    for (AclOperation operation : List.of(CREATE, READ, WRITE, DELETE, DESCRIBE_CONFIGS)) {
      rights.add(right("application", TOPIC, name + "-", PREFIXED, operation));
    }
    rights.add(right("application", GROUP, name, LITERAL, READ));
    rights.add(right("application", TRANSACTIONAL_ID, name + "-", PREFIXED, WRITE));

    for (AclOperation operation : List.of(CREATE, DESCRIBE, DESCRIBE_CONFIGS)) {
      rights.add(right("operator", TOPIC, name + ".", PREFIXED, operation));
    }
    rights.add(right("operator", TOPIC, name + ".rules", LITERAL, READ));
    rights.add(right("operator", TOPIC, name + ".rules", LITERAL, WRITE));

    rights.add(right("gateway", TOPIC, name + ".rules", LITERAL, READ));

    rights.add(right("client", TOPIC, name + ".requests", LITERAL, WRITE));
    rights.add(right("client", TOPIC, name + ".decisions", LITERAL, READ));
    return rights;
  }

  private static AclBinding right(
      String user, ResourceType type, String name, PatternType pattern, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }

  private static void grant(KafkaProcess kafka, List<AclBinding> rights) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createAcls(rights).all().get();
    }
  }

  /** The plain listener is for the broker itself, which may do everything. */
  private Map<String, String> secured() {
    return Map.of(
        "listeners",
        "SECURED://127.0.0.1:" + port,
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms",
        "PLAIN",
        "listener.name.secured.plain.sasl.jaas.config",
        PLAIN_LOGIN
            + " user_application=\"application-secret\""
            + " user_operator=\"operator-secret\""
            + " user_gateway=\"gateway-secret\""
            + " user_client=\"client-secret\";",
        "authorizer.class.name",
        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users",
        "User:ANONYMOUS");
  }

  private static Map<String, String> environment(String user, String password, RealWeir weir) {
    Map<String, String> environment = new HashMap<>(weir.environment());
    environment.put("WEIR_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
    environment.put("WEIR_KAFKA_SASL_MECHANISM", "PLAIN");
    environment.put(
        "WEIR_KAFKA_SASL_JAAS_CONFIG",
        PLAIN_LOGIN + " username=\"" + user + "\" password=\"" + password + "\";");
    return environment;
  }

  private static Commands as(String user, RealWeir weir) {
    return Commands.in(environment(user, user + "-secret", weir));
  }

  private static void assertOk(Result result) {
    assertThat(result.code()).as(result.err()).isZero();
  }
}
