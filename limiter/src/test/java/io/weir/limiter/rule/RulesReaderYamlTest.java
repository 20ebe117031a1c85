package io.weir.limiter.rule;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.perHour;
import static io.weir.limiter.rule.RuleLimit.perMinute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** YAML itself: what go-yaml v2 makes of it, and texts that mean harm. */
class RulesReaderYamlTest {
  private static final String LOADING = ": error loading config file: yaml: ";

  private final RulesReader reader = RulesReader.standard();

  @Test
  void mergeKeysAddWhatAnAnchorHolds() {
    assertThat(
            read(
                """
                domain: shop
                descriptors:
                  - &first
                    key: a
                    rate_limit: &limit {unit: minute, requests_per_unit: 5}
                  - <<: *first
                    key: b
                  - key: c
                    rate_limit:
                      <<: [{unit: hour}, *limit]
                  - <<: *first
                    value: d
                    rate_limit: {unit: hour}
                """))
        .isEqualTo(
            DomainRules.of(
                "shop",
                key("a").limit(perMinute(5)),
                key("b").limit(perMinute(5)),
                key("c").limit(perHour(5)),
                key("a", "d").limit(perHour(5))));
  }

  @Test
  void mergeKeyWinsOverKeysBeforeIt() {
    assertThat(
            read(
                """
                domain: shop
                descriptors:
                  - &first {key: a}
                  - value: x
                    key: b
                    <<: *first
                """))
        .isEqualTo(DomainRules.of("shop", key("a"), key("a", "x")));
  }

  @Test
  void aliasesMayStandForWholeLists() {
    assertThat(
            read(
                """
                domain: shop
                descriptors:
                  - key: a
                    descriptors: &below [{key: c}]
                  - key: b
                    descriptors: *below
                """))
        .isEqualTo(DomainRules.of("shop", key("a").with(key("c")), key("b").with(key("c"))));
  }

  @Test
  void mergedLimitIsAddedToOnlyByALimit() {
    assertThat(
            read(
                """
                domain: shop
                descriptors:
                  - &first {key: a, rate_limit: {unit: minute, requests_per_unit: 5}}
                  - {!!merge <<: *first, key: c, rate_limit: ~}
                  - &none {key: d, rate_limit: ~}
                  - {<<: *none, key: e, rate_limit: {unit: minute, requests_per_unit: 5}}
                """))
        .isEqualTo(
            DomainRules.of(
                "shop",
                key("a").limit(perMinute(5)),
                key("c"),
                key("d"),
                key("e").limit(perMinute(5))));
    assertRefused("domain: shop\n'<<': {}", "2: config error, unknown key '<<'");
  }

  @Test
  void onlyTheFirstLevelOfMergedMetadataIsAddedTo() {
    assertThat(
            read(
                """
                domain: shop
                descriptors:
                  - &first {key: a, metadata: {kept: 1, inner: {x: 1}}}
                  - {<<: *first, key: b, metadata: {inner: {y: 2}}}
                """))
        .isEqualTo(
            DomainRules.of(
                "shop",
                key("a").metadata("{kept: 1, inner: {x: 1}}"),
                key("b").metadata("{kept: 1, inner: {y: 2}}")));
  }

  @Test
  void mergeOfWhatIsNoMappingIsRefused() {
    assertRefused(
        "domain: shop\n<<: text",
        "2" + LOADING + "map merge requires map or sequence of maps as" + " the value");
    assertRefused(
        "domain: shop\n<<: [[]]",
        "2" + LOADING + "map merge requires map or sequence of maps as" + " the value");
  }

  @Test
  void keyThatOccursTwiceIsRefused() {
    assertRefused(
        "domain: shop\ndescriptors:\n  - key: a\n    value: b\n    key: c\n",
        "5: the key 'key' occurs twice; it is at line 3");
  }

  @Test
  void secondDocumentIsRefused() {
    assertRefused(
        "domain: shop\n---\ndomain: other\n",
        "3"
            + LOADING
            + "a second YAML document begins here; a rules file holds one domain, so split it");
    for (String second : new String[] {"x", "''", "!!str"}) {
      assertThatThrownBy(() -> read("domain: shop\n--- " + second + "\n"))
          .isInstanceOf(RulesException.class)
          .hasMessageContaining("a second YAML document begins here");
    }
    assertThat(read("---\ndomain: shop\n...\n---\n")).isEqualTo(DomainRules.of("shop"));
  }

  @Test
  void mappingAsAKeyIsRefused() {
    assertRefused("domain: shop\n? {a: 1}\n: b", "2" + LOADING + "invalid map key: map[a:1]");
  }

  @Test
  void anchorThatContainsItselfIsRefused() {
    assertRefused(
        "domain: shop\ndescriptors: &a\n  - key: x\n    descriptors: *a\n",
        "2" + LOADING + "anchor 'a' value contains itself");
  }

  @Test
  void aliasesThatGrowBeyondReasonAreRefused() {
    StringBuilder yaml = new StringBuilder("domain: shop\nmetadata:\n  a0: &a0 [x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String before = "*a" + (i - 1);
      yaml.append("  a" + i + ": &a" + i + " [" + before + ", " + before + ", " + before + "]\n");
    }
    assertThatThrownBy(() -> read(yaml.toString()))
        .isInstanceOf(RulesException.class)
        .hasMessageEndingWith(LOADING + "document contains excessive aliasing");
  }

  @Test
  void nestingBeyondReasonIsRefused() {
    assertThatThrownBy(() -> read("domain: shop\nmetadata: " + "[".repeat(100_000)))
        .isInstanceOf(RulesException.class)
        .hasMessage("rules.yaml:1" + LOADING + "Nesting Depth exceeded max 200");
    StringBuilder chain = new StringBuilder("domain: shop\nmetadata:\n  a0: &a0 [x]\n");
    for (int i = 1; i < 300; i++) {
      chain.append("  a" + i + ": &a" + i + " [*a" + (i - 1) + "]\n");
    }
    assertThatThrownBy(() -> read(chain.toString()))
        .isInstanceOf(RulesException.class)
        .hasMessageEndingWith(LOADING + "nested deeper than 200 levels");
  }

  @Test
  void treeThatIsTooDeepIsRefused() {
    StringBuilder yaml = new StringBuilder("domain: shop\n");
    for (int i = 0; i < 66; i++) {
      yaml.append("  ".repeat(i) + "descriptors:\n" + "  ".repeat(i) + "- key: k" + i + "\n");
    }
    assertRefused(yaml.toString(), "130: descriptors are nested deeper than 64 levels");
  }

  @Test
  void textThatIsTooLongIsRefused() {
    assertRefused(
        "#".repeat(10 * 1024 * 1024 + 1),
        "1" + LOADING + "the file is longer than 10485760 characters");
  }

  @Test
  void controlCharactersAreRefused() {
    assertRefused(
        "domain: shop\ndescriptors: \u0007",
        "2" + LOADING + "control characters are not allowed: the code point 7");
  }

  @Test
  void syntaxErrorsTellTheLine() {
    assertRefused(
        "%YAML 3.0\n---\ndomain: shop",
        "1" + LOADING + "found incompatible YAML document (version" + " 1.* is required)");
    assertRefused("domain: *nobody", "1" + LOADING + "unknown anchor 'nobody' referenced");
    assertRefused(
        "domain: a: b",
        "1"
            + LOADING
            + "mapping values are not allowed in this context (mapping"
            + " values are not allowed here)");
    assertRefused(
        "domain: a\n b: c",
        "2"
            + LOADING
            + "line 2: mapping values are not allowed in this context"
            + " (mapping values are not allowed here)");
    assertRefused(
        "domain: a\n- b",
        "2"
            + LOADING
            + "line 2: did not find expected key (expected <block end>,"
            + " but found '-', while parsing a block mapping)");
    assertRefused(
        "- a\nb: c",
        "2"
            + LOADING
            + "line 2: did not find expected '-' indicator (expected <block"
            + " end>, but found '?', while parsing a block collection)");
    assertRefused(
        "domain: \"\\u12\"\n",
        "1"
            + LOADING
            + "did not find expected hexdecimal number (expected"
            + " escape sequence of 4 hexadecimal numbers, but found: 12\", while scanning a"
            + " double-quoted scalar)");
    assertRefused(
        "domain: a\nb\n",
        "3" + LOADING + "line 3: could not find expected ':' (while scanning a" + " simple key)");
  }

  @ParameterizedTest
  @CsvSource({
    "0x1F, 31",
    "0b101, 5",
    "0o17, 15",
    "017, 15",
    "1_000, 1000",
    "+5, 5",
    "0, 0",
    "!!int 12, 12"
  })
  void wholeNumbersAreThoseOfGoYaml(String written, long requests) {
    assertThat(read(limit("requests_per_unit: " + written + ", unit: minute")))
        .isEqualTo(DomainRules.of("shop", key("user").limit(perMinute(requests))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08",
        "1e3",
        "-9223372036854775809",
        "18446744073709551616",
        ".5",
        "-1.",
        "1.5",
        ".inf",
        "+.Inf",
        "-.INF",
        ".NaN"
      })
  void otherNumbersAreNoValues(String written) {
    assertThatThrownBy(() -> read("domain: shop\ndescriptors: [{key: a, value: " + written + "}]"))
        .isInstanceOf(RulesException.class)
        .hasMessageStartingWith("rules.yaml:2: error checking config: value is " + written + ";");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2020-01-01",
        "12:30:00",
        "_1",
        "1_",
        "yes",
        "0x",
        "1e999",
        "''",
        "!!str 1.5",
        "!a b"
      })
  void otherScalarsAreText(String written) {
    DomainRules rules = read("domain: shop\ndescriptors: [{key: a, value: " + written + "}]");
    String text = written.replaceAll("'|!!str |!a ", "");
    assertThat(rules).isEqualTo(DomainRules.of("shop", key("a", text)));
  }

  @Test
  void numberOfManyDigitsIsNoWholeNumber() {
    String written = "9".repeat(200);
    assertRefused(
        "domain: " + written,
        "1: error checking config: domain is "
            + written
            + "; text that looks like a number must be quoted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"~", "null", "Null", "NULL", "!!null ''"})
  void nothingIsNoValue(String written) {
    assertThat(
            read(
                "domain: shop\ndescriptors: [{key: a, value: "
                    + written
                    + ", rate_limit: "
                    + written
                    + "}]"))
        .isEqualTo(DomainRules.of("shop", key("a")));
  }

  @Test
  void tagsMustFitWhatTheyTag() {
    assertRefused("domain: !!int shop", "1" + LOADING + "cannot decode !!str `shop` as a !!int");
    assertRefused(
        "domain: !!float shop", "1" + LOADING + "cannot decode !!str `shop` as a !!float");
    assertRefused("domain: !!bool 5", "1" + LOADING + "cannot decode !!int `5` as a !!bool");
    assertRefused(
        "domain: !!float 5",
        "1: error checking config: domain is 5; text that looks like a number must be quoted");
  }

  @Test
  void binaryIsText() {
    assertThat(read("domain: !!binary c2hv\n  cA==")).isEqualTo(DomainRules.of("shop"));
    assertRefused(
        "domain: !!binary '?'", "1" + LOADING + "!!binary value contains invalid base64" + " data");
    assertRefused("domain: !!binary /w==", "1" + LOADING + "!!binary value is no UTF-8 text");
  }

  @Test
  void tabsMaySeparateTokens() {
    DomainRules expected =
        read(
            "domain: shop\ndescriptors:\n  - key: a\n    rate_limit: {unit: day, requests_per_unit: 10}");
    assertThat(
            read(
                """
                domain:\tshop\t# the\tshop
                descriptors:\t
                  - key: \ta
                    rate_limit:\t{unit:\tday,\trequests_per_unit:\t\t10}\t"""))
        .isEqualTo(expected);
    assertThat(read("domain: \"sh\top\"\t").domain()).isEqualTo("sh\top");
  }

  @Test
  void tabsMayNotIndent() {
    String words =
        LOADING + "line 3: found character that cannot start any token (found character '\\t(TAB)'";
    for (String line : List.of("\t- key: a", "  -\tkey: a", "  - \tkey: a", " \t - key: a")) {
      assertThatThrownBy(() -> read("domain: shop\ndescriptors:\n" + line))
          .isInstanceOf(RulesException.class)
          .hasMessageStartingWith("rules.yaml:3" + words);
    }
  }

  private DomainRules read(String yaml) {
    return reader.read("rules.yaml", yaml);
  }

  private static String limit(String keys) {
    return "domain: shop\ndescriptors: [{key: user, rate_limit: {" + keys + "}}]";
  }

  private void assertRefused(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(RulesException.class)
        .hasMessage("rules.yaml:" + message);
  }
}
