package io.weir.limiter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.http.ClientAddresses.Header;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressesTest {
  private final ClientAddresses behindProxies =
      ClientAddresses.ofPeers().trusting(List.of("10.0.0.0/8", "::1", "fd00::/8"));
  private final ClientAddresses forwarded = behindProxies.header(Header.FORWARDED);

  private static String client(ClientAddresses addresses, String peer, String... values) {
    return addresses.clientOf(
        peer,
        name -> {
          assertThat(name).isIn("X-Forwarded-For", "Forwarded");
          return List.of(values);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "::ffff:192.0.2.1, 192.0.2.1",
    "::FFFF:c000:201, 192.0.2.1",
    "[::ffff:192.0.2.1], 192.0.2.1",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
    "2001:0DB8:0001:0002::1, 2001:db8:1:2::/64",
    "[2001:db8:1:2::9], 2001:db8:1:2::/64",
    "fe80::1%eth0, fe80::/64",
    "0:0:0:0:0:0:0:1, ::/64",
    "/run/app.sock, unknown",
    "'', unknown"
  })
  void aPeerIsToldInOneForm(String peer, String expected) {
    assertThat(client(ClientAddresses.ofPeers(), peer)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:0:0:4:0:0:0:8, 1:0:0:4::8",
    "0:0:3:0:0:6:7:8, ::3:0:0:6:7:8",
    "1:0:3:0:5:0:7:0, 1:0:3:0:5:0:7:0",
    "1::, 1::",
    "::, ::",
    "::1:2.3.4.5, ::1:203:405",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "64:ff9b::192.0.2.1, 64:ff9b::c000:201"
  })
  void allOfAnAddressOfIpv6CanCount(String peer, String expected) {
    assertThat(client(ClientAddresses.ofPeers().ipv6Prefix(128), peer)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.",
        "1.2.3.x",
        "1.2.3.-4",
        "1.2.3.٤",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        ":::",
        "1:2:3:4:5:6:7::8",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3",
        "1.2.3.4::",
        ":1",
        "localhost",
        "unknown",
        "_x"
      })
  void whatIsNoAddressIsNone(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
    assertThat(IpAddress.parse(text + "0".repeat(64))).isEmpty();
  }

  @Test
  void theClientIsTheFirstFromTheRightThatIsNoProxy() {
    assertThat(client(behindProxies, "10.0.0.1", "203.0.113.7")).isEqualTo("203.0.113.7");
    assertThat(client(behindProxies, "10.0.0.1", "6.6.6.6, 203.0.113.7, 10.2.3.4"))
        .isEqualTo("203.0.113.7");
    assertThat(client(behindProxies, "::1", "6.6.6.6", "203.0.113.7", "fd00::1, 10.2.3.4"))
        .isEqualTo("203.0.113.7");
    assertThat(client(behindProxies, "10.0.0.1", "203.0.113.7:4711")).isEqualTo("203.0.113.7");
    assertThat(client(behindProxies, "10.0.0.1", "[2001:db8::1]:4711")).isEqualTo("2001:db8::/64");
    assertThat(client(behindProxies, "10.0.0.1", "2001:db8::1")).isEqualTo("2001:db8::/64");
  }

  @Test
  void whereOnlyProxiesAreNamedTheClientIsTheLeftmost() {
    assertThat(client(behindProxies, "10.0.0.1", "10.0.0.3, 10.0.0.2")).isEqualTo("10.0.0.3");
    assertThat(client(behindProxies, "10.0.0.1")).isEqualTo("10.0.0.1");
  }

  @Test
  void anEntryThatIsNoAddressEndsTheWalk() {
    assertThat(client(behindProxies, "10.0.0.1", "6.6.6.6, unknown, 10.0.0.2"))
        .isEqualTo("10.0.0.2");
    assertThat(client(behindProxies, "10.0.0.1", "6.6.6.6,")).isEqualTo("10.0.0.1");
    assertThat(client(behindProxies, "10.0.0.1", "")).isEqualTo("10.0.0.1");
  }

  @Test
  void forwardedIsReadAsItsStandardSays() {
    assertThat(client(forwarded, "10.0.0.1", "for=192.0.2.60;proto=http;by=203.0.113.43"))
        .isEqualTo("192.0.2.60");
    assertThat(
            client(
                forwarded, "10.0.0.1", "for=6.6.6.6, proto=http; For=\"[2001:db8:cafe::17]:4711\""))
        .isEqualTo("2001:db8:cafe::/64");
    assertThat(client(forwarded, "10.0.0.1", "for=192.0.2.60", "for=\"10.0.0.9:80\", for=10.0.0.2"))
        .isEqualTo("192.0.2.60");
    assertThat(client(forwarded, "10.0.0.1", "for=6.6.6.6, for=_hidden")).isEqualTo("10.0.0.1");
    assertThat(client(forwarded, "10.0.0.1", "for=6.6.6.6, proto=http")).isEqualTo("10.0.0.1");
  }

  @Test
  void aQuoteThatTheClientLeftOpenHidesNothingOfWhatProxiesWrote() {
    assertThat(client(forwarded, "10.0.0.1", "for=\"6.6.6.6, for=192.0.2.60"))
        .isEqualTo("192.0.2.60");
    assertThat(client(forwarded, "10.0.0.1", "for=\"x, for=\"[2001:db8::1]\""))
        .isEqualTo("2001:db8::/64");
  }

  @Test
  void onlySoManyEntriesAreLookedAt() {
    assertThat(client(behindProxies, "10.0.0.1", "6.6.6.6" + ", 10.0.0.2".repeat(31)))
        .isEqualTo("6.6.6.6");
    assertThat(client(behindProxies, "10.0.0.1", "6.6.6.6, 10.0.0.3" + ", 10.0.0.2".repeat(32)))
        .isEqualTo("10.0.0.2");
  }

  @Test
  void rangesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> behindProxies.trusting(List.of("proxy.example")))
        .hasMessage("'proxy.example' is no range of addresses, such as 10.0.0.0/8 or ::1");
    assertThatThrownBy(() -> behindProxies.trusting(List.of("10.0.0.0/33")))
        .hasMessage("'10.0.0.0/33' has the prefix 33; it must be from 0 to 32");
    assertThatThrownBy(() -> behindProxies.trusting(List.of("10.0.0.0/x")))
        .hasMessage("'10.0.0.0/x' has the prefix x; it must be from 0 to 32");
    assertThatThrownBy(() -> behindProxies.trusting(List.of("10.0.0.0/-1")))
        .hasMessageContaining("it must be from 0 to 32");
    assertThatThrownBy(() -> behindProxies.trusting(List.of("10.1.0.0/8")))
        .hasMessage("'10.1.0.0/8' has bits behind its prefix; the range is 10.0.0.0/8");
    assertThatThrownBy(() -> behindProxies.ipv6Prefix(0))
        .hasMessage("the prefix of IPv6 addresses has 0 bits; it must be from 1 to 128");
    assertThatThrownBy(() -> behindProxies.ipv6Prefix(129)).hasMessageContaining("129 bits");
  }

  @Test
  void everyoneCanBeTrusted() {
    ClientAddresses all = ClientAddresses.ofPeers().trusting(List.of("0.0.0.0/0", "::/0"));

    assertThat(client(all, "192.0.2.1", "6.6.6.6, 7.7.7.7")).isEqualTo("6.6.6.6");
    assertThat(client(all, "2001:db8::1", "6.6.6.6")).isEqualTo("6.6.6.6");
  }

  @Property
  void whoIsNoProxyIsWhoItIsWhateverItSends(
      @ForAll("headers") List<String> values, @ForAll Header header) {
    assertThat(client(behindProxies.header(header), "203.0.113.7", values.toArray(new String[0])))
        .isEqualTo("203.0.113.7");
  }

  @Property
  void behindAProxyNothingThatTheClientSentIsBelieved(@ForAll("headers") List<String> sent) {
    String[] appended = {String.join(",", sent) + ", 203.0.113.7"};
    assertThat(client(behindProxies, "10.0.0.1", appended)).isEqualTo("203.0.113.7");

    String[] another = new String[sent.size() + 1];
    sent.toArray(another);
    another[sent.size()] = "203.0.113.7";
    assertThat(client(behindProxies, "10.0.0.1", another)).isEqualTo("203.0.113.7");

    String[] standard = {String.join(",", sent) + ", for=\"[2001:db8::1]:80\";proto=https"};
    assertThat(client(forwarded, "10.0.0.1", standard)).isEqualTo("2001:db8::/64");
  }

  @Property
  void whateverTheHeadersAreTheAddressIsShort(
      @ForAll String peer, @ForAll("headers") List<String> values, @ForAll Header header) {
    for (String from : List.of(peer, "10.0.0.1")) {
      assertThat(client(behindProxies.header(header), from, values.toArray(new String[0])))
          .hasSizeBetween(1, 43);
    }
  }

  @Provide
  Arbitrary<List<String>> headers() {
    Arbitrary<String> pieces =
        Arbitraries.oneOf(
            Arbitraries.of(
                "for=",
                "\"",
                ",",
                ";",
                "[",
                "]",
                ":",
                "10.0.0.2",
                "6.6.6.6",
                "::1",
                "unknown",
                "\\",
                "=",
                " ",
                "2001:db8::1",
                "proto=http"),
            Arbitraries.strings().ofMaxLength(5));
    return pieces.list().ofMaxSize(12).map(it -> String.join("", it)).list().ofMaxSize(3);
  }

  @Test
  void aHeaderThatIsNullIsAbsent() {
    Map<String, List<String>> headers = Map.of();

    assertThat(
            ClientAddresses.ofPeers()
                .trusting(List.of("10.0.0.0/8"))
                .clientOf("10.0.0.1", headers::get))
        .isEqualTo("10.0.0.1");
  }
}
