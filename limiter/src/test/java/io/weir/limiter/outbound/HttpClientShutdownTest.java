package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a HttpClient has since JDK 21. */
class HttpClientShutdownTest extends HttpClientKit {
  private final RateLimitedHttpClient client = builder().build();

  @Test
  void aShutdownFinishesWhatThereIsAndTakesNoMore() throws Exception {
    assertThat(send(client, get("/a").build())).isCompleted();
    assertThat(send(client, get("/b").build())).isCompleted();
    var waiting = send(client, get("/c").build());
    assertThat(client.isTerminated()).isFalse();

    client.shutdown();
    client.shutdown();
    assertThat(send(client, get("/d").build())).isCompletedExceptionally();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> client.send(get("/e").build(), BodyHandlers.ofString()))
        .withMessage("'api' is closed");
    assertThat(client.awaitTermination(Duration.ZERO)).isFalse();

    timer.advance(100);
    assertThat(waiting).isCompleted();
    assertThat(client.isTerminated()).isTrue();
    assertThat(client.awaitTermination(Duration.ofDays(1))).isTrue();
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void aShutdownOfOneThatDoesNothingEndsIt() {
    client.shutdown();

    assertThat(client.isTerminated()).isTrue();
  }

  @Test
  void anEndAtOnceEndsWhatWaitsAndWhatIsUnderWay() {
    server.hangs = true;
    var underWay = send(client, get("/a").build());
    assertThat(send(client, get("/b").build())).isNotDone();
    var waiting = send(client, get("/c").build());

    client.shutdownNow();
    assertThat(underWay).isCancelled();
    assertThat(waiting).isCompletedExceptionally();
    assertThat(client.isTerminated()).isTrue();
  }
}
