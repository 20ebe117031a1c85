package io.weir.streams.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send their bodies slowly. */
@Timeout(60)
class SlowClientsTest {
  private static final int THREADS = 8;
  private static final int PATIENCE_MILLIS = 20_000;

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void clientsThatSendNoBodyHoldNoThreadAndAreAnswered408() throws IOException {
    IntSupplier port = door(Duration.ofMillis(PATIENCE_MILLIS / 2));
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < 4 * THREADS; i++) {
      silent.add(send(port, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1"));
    }

    Socket other = send(port, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");

    assertThat(answer(other)).startsWith("HTTP/1.1 200 OK").endsWith("3 bytes");
    assertThat(silent)
        .allSatisfy(socket -> assertThat(socket.getInputStream().available()).isZero());
    Socket late = send(port, "GET /none HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answer(late)).startsWith("HTTP/1.1 404");
  }

  @Test
  void whoSendsNoBodyInTimeIsTold() throws IOException {
    IntSupplier port = door(Duration.ofMillis(200));
    Socket silent = send(port, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1");

    String answer = wholeAnswer(silent);

    assertThat(answer)
        .startsWith("HTTP/1.1 408 ")
        .containsIgnoringCase("Content-Type: application/problem+json")
        .contains("urn:weir:problem:too-slow")
        .contains("the body did not come within 200 ms; send it at once");
  }

  /** Each byte comes in time, and all of them would take far longer. */
  @Test
  void whoSendsAByteNowAndThenIsToldToo() throws IOException {
    IntSupplier port = door(Duration.ofMillis(500));
    Socket dripping =
        send(port, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");

    await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              if (dripping.getInputStream().available() == 0) {
                dripping.getOutputStream().write('1');
              }
              return dripping.getInputStream().available() > 0;
            });

    assertThat(answer(dripping)).startsWith("HTTP/1.1 408 ");
  }

  @Test
  void aBodyThatComesInPartsIsWhole() throws IOException {
    IntSupplier port = door(Duration.ofMillis(PATIENCE_MILLIS));
    Socket socket =
        send(port, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    send(socket, "3\r\nabc\r\n");
    send(socket, "2\r\nde\r\n0\r\n\r\n");
    assertThat(answer(socket)).endsWith("5 bytes");

    send(socket, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n12");
    send(socket, "34");
    assertThat(answer(socket)).as("the connection is kept").endsWith("4 bytes");
  }

  @Test
  void aBodyThatEndsTooEarlyMeetsTheRoute() throws IOException {
    IntSupplier port = door(Duration.ofMillis(PATIENCE_MILLIS));
    Socket socket = send(port, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1");
    socket.shutdownOutput();

    assertThat(answer(socket)).startsWith("HTTP/1.1 400 ").contains("it ends too early");
  }

  @Test
  void moreBodiesThanThereIsMemoryForAreRefusedAndTheRestIsAnswered() throws Exception {
    IntSupplier port = bounded(1_000, 2_500);
    List<Socket> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n";
      held.add(send(port, head + "x".repeat(899)));
    }
    await().until(() -> held.stream().filter(socket -> isAnswered(socket)).count() == 1);
    Socket refused = held.stream().filter(socket -> isAnswered(socket)).findFirst().orElseThrow();
    held.remove(refused);
    assertThat(answer(refused)).startsWith("HTTP/1.1 503 ");

    for (Socket socket : held) {
      send(socket, "x");
      assertThat(answer(socket)).endsWith("900");
    }
    Socket longer =
        send(
            port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1500\r\n\r\n" + "x".repeat(1_500));
    assertThat(Integer.parseInt(answer(longer).replaceAll("(?s).*\r\n\r\n", "")))
        .as("one more than fits is enough to see that it is too long")
        .isGreaterThan(1_000);
  }

  private static boolean isAnswered(Socket socket) {
    try {
      return socket.getInputStream().available() > 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A door with one route, which tells how many bytes it read. */
  private IntSupplier door(Duration bodyTimeout) {
    HttpSettings settings =
        new HttpSettings("127.0.0.1", 0, THREADS, 128, 8_192, bodyTimeout, Duration.ofSeconds(1));
    Route echo =
        Route.post(
            "/echo",
            context -> {
              try {
                int read = context.bodyInputStream().readAllBytes().length;
                context.result(read + " bytes");
              } catch (IOException e) {
                throw new ProblemException(ProblemKind.INVALID_REQUEST, "it ends too early", e);
              }
            });
    HttpDoor door = new HttpDoor(settings, List.of(echo), new ObjectMapper());
    open.add(door);
    door.start();
    return door::port;
  }

  /** The handler alone, with small bounds. */
  private IntSupplier bounded(int maxBytes, int maxBytesOfAll) throws Exception {
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    WholeBodies bodies =
        new WholeBodies(Duration.ofMillis(PATIENCE_MILLIS), maxBytes, maxBytesOfAll);
    bodies.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            int read = Content.Source.asString(request).length();
            Content.Sink.write(response, true, Integer.toString(read), callback);
            return true;
          }
        });
    server.setHandler(bodies);
    open.add(server::stop);
    server.start();
    return ((ServerConnector) server.getConnectors()[0])::getLocalPort;
  }

  private Socket send(IntSupplier port, String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.getAsInt());
    open.add(socket);
    socket.setSoTimeout(PATIENCE_MILLIS);
    send(socket, text);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String wholeAnswer(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** An answer with its length. */
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    int next;
    int length = -1;
    while ((next = in.read()) >= 0) {
      answer.append((char) next);
      if (length < 0 && answer.indexOf("\r\n\r\n") > 0) {
        String head = answer.toString();
        length =
            head.length()
                + Integer.parseInt(
                    head.replaceAll("(?s).*(?i)\r\nContent-Length: (\\d+)\r\n.*", "$1"));
      }
      if (answer.length() == length) {
        break;
      }
    }
    return answer.toString();
  }
}
