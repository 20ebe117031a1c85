package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortTest {

  @Test
  void aPortOnWhichAnotherListensOnAllAddressesIsNotFree() throws IOException {
    int port;
    try (ServerSocket all = new ServerSocket(0)) {
      port = all.getLocalPort();
      assertThat(FreePort.isFree(port)).isFalse();
    }
    assertThat(FreePort.isFree(port)).isTrue();
  }

  @Test
  void portZeroMeansAnyAndIsFree() {
    assertThat(FreePort.isFree(0)).isTrue();
  }
}
