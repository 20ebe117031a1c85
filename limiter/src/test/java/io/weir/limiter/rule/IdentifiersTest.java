package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How identifiers are written, and what is none. */
class IdentifiersTest {
  @Test
  void writesUnreservedCharactersAsTheyAreAndTheRestAsUtf8() {
    assertThat(Identifiers.encode("api", "user_id", "42")).isEqualTo("api/user_id=42");
    assertThat(Identifiers.encode("a b", "k/=|#", "%*~-._é😀"))
        .isEqualTo("a%20b/k%2F%3D%7C%23=%25%2A~-._%C3%A9%F0%9F%98%80");
  }

  @Test
  void unreservedCharactersAreThoseOfRfc3986() {
    for (char each = 0; each < 128; each++) {
      String text = String.valueOf(each);
      boolean unreserved = text.matches("[A-Za-z0-9._~-]");
      assertThat(Identifiers.encode("api", "key", text))
          .isEqualTo("api/key=" + (unreserved ? text : String.format("%%%02X", (int) each)));
    }
  }

  @Test
  void readsAWildcardThatStandsForItsValues() {
    assertThat(Identifiers.decode("api/path=%2Ffiles%2F*"))
        .isEqualTo(new Identifier("api", "path", "/files/*", true));
  }

  @Test
  void stateKeysOfAnIdentifierShareAPrefix() {
    assertThat(Identifiers.rowPrefix("api/user_id=4")).isEqualTo("api/user_id=4|");
    assertThat(Identifiers.identifierOf("api/user_id=42|endpoint=x#n")).isEqualTo("api/user_id=42");
    for (String other : new String[] {"api/user_id=42", "|endpoint=x#n"}) {
      assertThatThrownBy(() -> Identifiers.identifierOf(other))
          .isInstanceOf(IdentifierException.class)
          .hasMessage("'" + other + "' is no state key; it must begin with an identifier and '|'");
    }
  }

  @Test
  void aStateKeyTellsAllEntriesOfItsDescriptor() {
    assertThat(Identifiers.entriesOf("a%20b/user_id=42|#n"))
        .containsExactly(new StateKeyEntry("user_id", "42", false));
    assertThat(Identifiers.entriesOf("api/user_id=42|path=%2Ffiles%2F*/method=#per-path%2Fmethod"))
        .containsExactly(
            new StateKeyEntry("user_id", "42", false),
            new StateKeyEntry("path", "/files/*", true),
            new StateKeyEntry("method", "", false));
    assertThatThrownBy(() -> Identifiers.entriesOf("api/user_id=42|path=x"))
        .isInstanceOf(IdentifierException.class)
        .hasMessage("'api/user_id=42|path=x' is no state key; '#' must stand behind its entries");
  }

  @Test
  void attributesMeetAnEntryOfTheirValueOrOfAWildcardThatStandsForIt() {
    StateKeyEntry user = new StateKeyEntry("user_id", "42", false);
    StateKeyEntry files = new StateKeyEntry("path", "/files/*", true);

    assertThat(user.isMetBy(Map.of("user_id", "42", "path", "/x"))).isTrue();
    assertThat(user.isMetBy(Map.of("user_id", "43"))).isFalse();
    assertThat(user.isMetBy(Map.of("user", "42"))).isFalse();
    assertThat(files.isMetBy(Map.of("path", "/files/a"))).isTrue();
    assertThat(files.isMetBy(Map.of("path", "/x"))).isFalse();
    // A real star is no wildcard.
    assertThat(new StateKeyEntry("path", "*", false).isMetBy(Map.of("path", "x"))).isFalse();
  }

  @Test
  void onlyAWildcardStandsForOthers() {
    assertThatThrownBy(() -> new StateKeyEntry("path", "/files", true))
        .isInstanceOf(IdentifierException.class)
        .hasMessage("a value that stands for others must be a wildcard");
  }

  @Test
  void refusesWhatHasNoDomainOrKey() {
    assertThatThrownBy(() -> Identifiers.encode("", "user_id", "42"))
        .hasMessage("the domain of an identifier must not be empty");
    assertThatThrownBy(() -> Identifiers.encode("api", "", "42"))
        .hasMessage("the key of an identifier must not be empty");
    assertThatThrownBy(() -> Identifiers.decode("/user_id=42"))
        .hasMessage("the domain of an identifier must not be empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "api", "api/user_id", "api=user_id", "/user_id", "user_id=42", "api=/user_id"})
  void refusesWhatIsNotDomainKeyAndValue(String text) {
    assertThatThrownBy(() -> Identifiers.decode(text))
        .isInstanceOf(IdentifierException.class)
        .hasMessage(
            "'"
                + text
                + "' is no identifier; it must be domain/key=value, each part"
                + " percent-encoded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%2f",
        "%6",
        "%",
        "%zz",
        "%2Z",
        "%Z2",
        "%41",
        "a b",
        "é",
        "%FF",
        "a|b",
        "a=b",
        "a/b",
        "%C3",
        "!2F",
        "%G0%90%80%80",
        "%8G"
      })
  void refusesWhatIsWrittenInAnotherWay(String value) {
    assertThatThrownBy(() -> Identifiers.decode("api/user_id=" + value))
        .isInstanceOf(IdentifierException.class)
        .hasMessage(
            "'"
                + value
                + "' is not percent-encoded; letters, digits, - . _ ~ stay as they are, and every"
                + " other byte of UTF-8 is %XX with upper-case digits");
  }

  @Test
  void refusesAWildcardThatHoldsARealStar() {
    assertThatThrownBy(() -> Identifiers.decode("api/user_id=*%2A"))
        .isInstanceOf(IdentifierException.class);
    assertThatThrownBy(() -> Identifiers.decode("api/user*=42"))
        .isInstanceOf(IdentifierException.class);
  }
}
