package io.weir.streams.serde;

import static io.weir.streams.serde.StubRegistry.error;
import static io.weir.streams.serde.StubRegistry.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.serde.StubRegistry.Reply;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the client asks, and what it makes of each answer. */
class HttpSchemaRegistryClientTest {
  private static final Schema SCHEMA = Samples.OLDER_REQUEST;

  private final StubRegistry registry;
  private final HttpSchemaRegistryClient client;

  HttpSchemaRegistryClientTest() throws IOException {
    registry = StubRegistry.http();
    client = client(Map.of());
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void registersUnderTheSubjectAndReadsTheId() throws Exception {
    registry.answer(ok("{\"id\": 7}"));

    assertThat(client.register("my topic/ü-value", SCHEMA)).isEqualTo(7);
    assertThat(registry.asked().get(0).what())
        .isEqualTo("POST /subjects/my%20topic%2F%C3%BC-value/versions");
    assertThat(new ObjectMapper().readTree(registry.asked().get(0).body()).path("schema").asText())
        .isEqualTo(SCHEMA.toString());
    assertThat(registry.asked().get(0).authorization()).isEmpty();
  }

  @Test
  void looksUpUnderTheSubject() {
    registry.answer(ok("{\"subject\": \"t-value\", \"version\": 2, \"id\": 8, \"schema\": \"…\"}"));

    assertThat(client.idOf("t-value", SCHEMA)).isEqualTo(8);
    assertThat(client.versionOf("t-value", SCHEMA)).isEqualTo(2);
    assertThat(registry.asked().get(0).what()).isEqualTo("POST /subjects/t-value");
  }

  @Test
  void asksForNormalisationWhereTheSettingSaysSo() {
    registry.answer(ok("{\"id\": 7}"));
    SchemaRegistryClient normalizing = client(Map.of(SerdeConfig.NORMALIZE, "true"));

    normalizing.register("t-value", SCHEMA);
    normalizing.idOf("t-value", SCHEMA);

    assertThat(registry.asked())
        .extracting(StubRegistry.Asked::what)
        .containsExactly(
            "POST /subjects/t-value/versions?normalize=true",
            "POST /subjects/t-value?normalize=true");
  }

  @Test
  void sendsCredentials() {
    registry.answer(ok("{\"id\": 7}"));

    client(Map.of(SerdeConfig.BASIC_SOURCE, "USER_INFO", SerdeConfig.BASIC_USER_INFO, "a:b"))
        .register("t", SCHEMA);
    client(Map.of(SerdeConfig.BEARER_SOURCE, "STATIC_TOKEN", SerdeConfig.BEARER_TOKEN, "t0ken"))
        .register("t", SCHEMA);
    client(Map.of(SerdeConfig.URL, registry.url().replace("://", "://c:d@"))).register("t", SCHEMA);

    assertThat(registry.asked())
        .extracting(asked -> asked.authorization().orElse("none"))
        .containsExactly("Basic YTpi", "Bearer t0ken", "Basic Yzpk");
  }

  @Test
  void readsASchemaById() throws Exception {
    registry.answer(ok(json(Map.of("schema", SCHEMA.toString()))));

    assertThat(client.schemaOf(3)).isEqualTo(SCHEMA);
    assertThat(registry.asked().get(0).what()).isEqualTo("GET /schemas/ids/3");
  }

  @Test
  void readsASchemaThatRefersToOthers() {
    String user = "{\"type\": \"record\", \"name\": \"x.User\", \"fields\": []}";
    String team =
        "{\"type\": \"record\", \"name\": \"x.Team\", \"fields\":"
            + " [{\"name\": \"lead\", \"type\": \"x.User\"}]}";
    String event =
        "{\"type\": \"record\", \"name\": \"x.Event\", \"fields\":"
            + " [{\"name\": \"by\", \"type\": \"x.User\"}, {\"name\": \"of\", \"type\": \"x.Team\"}]}";
    Object toUser = Map.of("name", "x.User", "subject", "users", "version", 1);
    Object toTeam = Map.of("name", "x.Team", "subject", "teams", "version", 4);
    registry.answer(
        asked ->
            switch (asked.what()) {
              case "GET /subjects/users/versions/1" -> ok(json(Map.of("schema", user)));
              case "GET /subjects/teams/versions/4" ->
                  ok(json(Map.of("schema", team, "references", new Object[] {toUser})));
              default ->
                  ok(json(Map.of("schema", event, "references", new Object[] {toTeam, toUser})));
            });

    assertThat(client.schemaOf(3).getField("of").schema().getField("lead").schema().getFullName())
        .isEqualTo("x.User");
  }

  @Test
  void aSchemaThatTheRegistryDoesNotHaveIsTheRecordsFault() {
    registry.answer(error(404, 40403, "Schema not found"));

    assertThatThrownBy(() -> client.schemaOf(3))
        .isInstanceOf(UnknownSchemaIdException.class)
        .hasMessageContaining("schema id 3 is unknown to the registry at " + registry.url());
  }

  @Test
  void aPlain404IsAWrongAddressAndNotTheRecordsFault() {
    registry.answer(new Reply(404, "<html>nginx</html>"));

    assertThatThrownBy(() -> client.schemaOf(3))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("answered 404")
        .hasMessageContaining("check the path in schema.registry.url");
  }

  @Test
  void anAnswerThatIsNoRegistrysIsAWrongAddress() {
    registry.answer(new Reply(200, "<html>welcome</html>"));

    assertThatThrownBy(() -> client.schemaOf(3))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("not as a schema registry does");
    assertThatThrownBy(() -> client.register("t", SCHEMA))
        .isInstanceOf(RegistryRefusedException.class);
  }

  @Test
  void anAnswerWithoutAnIdIsRefused() {
    registry.answer(ok("{}"));

    assertThatThrownBy(() -> client.register("t-value", SCHEMA))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("answered without the number 'id'");
  }

  @Test
  void aSchemaOfAnotherKindCannotBeRead() {
    registry.answer(ok("{\"schemaType\": \"PROTOBUF\", \"schema\": \"message M {}\"}"));

    assertThatThrownBy(() -> client.schemaOf(3))
        .isInstanceOf(UnreadableSchemaException.class)
        .hasMessage("schema id 3 is PROTOBUF, not Avro");
  }

  @Test
  void aSchemaThatIsBrokenCannotBeRead() {
    registry.answer(ok("{\"schema\": \"{\\\"type\\\": \\\"nonsense\\\"}\"}"));

    assertThatThrownBy(() -> client.schemaOf(3))
        .isInstanceOf(UnreadableSchemaException.class)
        .hasMessageContaining("schema id 3 is no Avro schema");
  }

  @Test
  void aPasswordThatIsWrongIsNotTheRecordsFaultAndNotTriedAgain() {
    registry.answer(error(401, 40101, "Unauthorized"));

    assertThatThrownBy(() -> client.schemaOf(3))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("answered 401 (Unauthorized); check the credentials");
    assertThat(registry.asked()).hasSize(1);
  }

  @Test
  void aSchemaThatBreaksCompatibilityIsRefusedWithTheRegistrysWords() {
    registry.answer(error(409, 409, "READER_FIELD_MISSING_DEFAULT_VALUE"));

    assertThatThrownBy(() -> client.register("t-value", SCHEMA))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("registering io.weir.schemas.RequestEvent under t-value failed")
        .hasMessageContaining("READER_FIELD_MISSING_DEFAULT_VALUE")
        .hasMessageContaining("breaks the subject's compatibility rule");
  }

  @Test
  void aConflictWithSomebodyWhoRegistersAtTheSameMomentIsNoRefusal() {
    registry.answer(error(409, 409, "already exists"), ok("{\"id\": 7}"));

    assertThat(client.register("t-value", SCHEMA)).isEqualTo(7);
  }

  @Test
  void aSchemaThatNobodyRegisteredIsRefusedWithTheWayOut() {
    registry.answer(error(404, 40401, "Subject not found"));

    assertThatThrownBy(() -> client.idOf("t-value", SCHEMA))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("register the schema, or set auto.register.schemas=true");
  }

  @Test
  void aRedirectIsRefused() {
    registry.answer(new Reply(302, ""));

    assertThatThrownBy(() -> client.schemaOf(1))
        .isInstanceOf(RegistryRefusedException.class)
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("answered 302");
  }

  @Test
  void asksWhetherASchemaIsCompatible() {
    registry.answer(
        ok("{\"is_compatible\": true}"),
        ok("{\"is_compatible\": false}"),
        error(404, 40401, "Subject not found"));

    assertThat(client.isCompatible("t-value", SCHEMA)).isTrue();
    assertThat(client.isCompatible("t-value", SCHEMA)).isFalse();
    assertThat(client.isCompatible("t-value", SCHEMA)).as("a new subject").isTrue();
    assertThat(registry.asked().get(0).what())
        .isEqualTo("POST /compatibility/subjects/t-value/versions/latest");
  }

  private HttpSchemaRegistryClient client(Map<String, String> settings) {
    Map<String, String> config = new HashMap<>(Map.of(SerdeConfig.URL, registry.url()));
    config.putAll(settings);
    return new HttpSchemaRegistryClient(
        new SerdeConfig(config), new StopSignal(), new FakeTicker());
  }

  private static String json(Object value) {
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
