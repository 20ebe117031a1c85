package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Metadata is JSON text that survives every way it is carried. */
class MetadataTest {
  @Test
  void textIsEscapedWhereJsonOrYamlNeedIt() {
    String json =
        "{\"a\":\"\\\"\\\\\\n\\r\\t\\u0001\\u007f\\u0085\\u2028\\u2029\\ud800\\ufeff\\ufffe\\uffff\"}";
    assertThat(Metadata.ofJson(json).json()).isEqualTo(json);
    assertThat(Metadata.ofJson("{\"a\": \"\\u00a0~ \\ud7ff\\ue000\\ufffd\uD83D\uDE00\"}").json())
        .isEqualTo("{\"a\":\"\u00a0~ \ud7ff\ue000\ufffd\uD83D\uDE00\"}");
  }

  @Test
  void scalarsKeepTheirKinds() {
    assertThat(Metadata.ofJson("{a: 0x10, b: 1.50, c: yes, d: ~, e: '7', 8: [], 9: {}}").json())
        .isEqualTo("{\"a\":16,\"b\":1.5,\"c\":true,\"d\":null,\"e\":\"7\",\"8\":[],\"9\":{}}");
  }

  @Test
  void whatIsNoObjectIsRefused() {
    assertThatThrownBy(() -> Metadata.ofJson("[]"))
        .isInstanceOf(RulesException.class)
        .hasMessage("metadata:1: the text must be a JSON object, such as {\"tier\":\"gold\"}");
    assertThatThrownBy(() -> Metadata.ofJson("{a: .nan}"))
        .isInstanceOf(RulesException.class)
        .hasMessage("JSON has no number .nan; quote it");
  }
}
