package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.app.ExitStatus;
import io.weir.streams.app.StartupException;
import io.weir.streams.query.HttpDoor;
import io.weir.streams.query.HttpSettings;
import io.weir.streams.query.Readiness;
import io.weir.streams.serde.StopSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** From start to exit. */
class GatewayTest {
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private volatile Optional<String> trouble = Optional.empty();
  private volatile Optional<String> whyNoRules = Optional.empty();
  private final GatewayReadiness readiness = new GatewayReadiness(new FakeRules());

  @Test
  void doorsOpenOnceTheRulesAreLoadedAndCloseBeforeWhatIsBehindThem() {
    Gateway gateway = gateway(0, new FakeDoor("first"), new FakeDoor("second"));
    CompletableFuture<Void> started = CompletableFuture.runAsync(gateway::start);
    await().until(() -> done.contains("rules started"));
    assertThat(readiness.readiness())
        .isEqualTo(new Readiness.NotReady(Readiness.Phase.STARTING, "the rules are being loaded"));
    trouble = Optional.of("no such topic");
    assertThat(readiness.readiness())
        .isEqualTo(
            new Readiness.NotReady(
                Readiness.Phase.STARTING, "the rules are being loaded: no such topic"));

    loaded.complete(null);
    started.join();
    assertThat(readiness.readiness()).isInstanceOf(Readiness.Ready.class);
    assertThat(gateway.doorPorts()).containsExactly("first".length(), "second".length());
    assertThat(gateway.exit()).isNotDone();

    gateway.close();
    gateway.close();
    assertThat(done)
        .containsExactly(
            "rules started",
            "first opened",
            "second opened",
            "second closed",
            "first closed",
            "rules closed",
            "limiter closed");
    assertThat(gateway.exit().join()).isEqualTo(ExitStatus.stopped());
  }

  @Test
  void rulesThatCannotBeReadAreToldByThePhaseThatInstancesHaveForItUntilTheyCan() {
    whyNoRules = Optional.of("the record of the domain api was skipped");
    trouble = whyNoRules;
    assertThat(readiness.readiness())
        .isEqualTo(
            new Readiness.NotReady(
                Readiness.Phase.NO_RULES,
                "no rules are in force, because those that are there cannot be read: the record of"
                    + " the domain api was skipped"));

    whyNoRules = Optional.empty();
    trouble = Optional.empty();
    assertThat(readiness.readiness())
        .isEqualTo(new Readiness.NotReady(Readiness.Phase.STARTING, "the rules are being loaded"));
  }

  @Test
  void aGatewayThatIsOpenOrStopsSaysSoWhateverItsRules() {
    whyNoRules = Optional.of("the record of the domain api was skipped");

    readiness.opened();
    assertThat(readiness.readiness()).isInstanceOf(Readiness.Ready.class);

    readiness.stopping();
    assertThat(readiness.readiness())
        .isEqualTo(new Readiness.NotReady(Readiness.Phase.STOPPING, "the gateway is stopping"));
  }

  @Test
  void aDoorThatDoesNotOpenEndsTheStartAndClosesTheOthers() {
    loaded.complete(null);
    Gateway gateway = gateway(0, new FakeDoor("first"), new FakeDoor("locked"));

    assertThatThrownBy(gateway::start)
        .isInstanceOf(StartupException.class)
        .hasMessage("the door is locked");

    assertThat(gateway.exit().join()).isEqualTo(ExitStatus.failed("the door is locked"));
    assertThat(done).endsWith("first closed", "rules closed", "limiter closed");
  }

  @Test
  void whatNobodyExpectsEndsTheStartAndClosesTheOthers() {
    loaded.complete(null);
    Gateway gateway = gateway(0, new FakeDoor("first"), new FakeDoor("broken"));

    assertThatThrownBy(gateway::start)
        .isInstanceOf(StartupException.class)
        .hasMessage("the gateway cannot start: java.lang.IllegalStateException: a bug");

    assertThat(gateway.exit().join().isClean()).isFalse();
    assertThat(done).endsWith("first closed", "rules closed", "limiter closed");
  }

  @Test
  void aDoorThatDoesNotCloseKeepsNothingElseOpen() {
    loaded.complete(null);
    Gateway gateway = gateway(0, new FakeDoor("first"), new FakeDoor("stuck"));
    gateway.start();

    gateway.close();

    assertThat(done).endsWith("first closed", "rules closed", "limiter closed");
    assertThat(gateway.exit().join()).isEqualTo(ExitStatus.stopped());
  }

  @Test
  void aPortThatIsTakenEndsTheStart() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Gateway gateway = gateway(taken.getLocalPort(), new FakeDoor("first"));

      assertThatThrownBy(gateway::start)
          .isInstanceOf(StartupException.class)
          .hasMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getLocalPort());

      assertThat(gateway.exit().join().isClean()).isFalse();
      assertThat(done).containsExactly("first closed", "rules closed", "limiter closed");
    }
  }

  @Test
  void aStopWhileRulesAreLoadedIsClean() {
    Gateway gateway = gateway(0, new FakeDoor("first"));
    CompletableFuture<Void> started = CompletableFuture.runAsync(gateway::start);
    await().until(() -> done.contains("rules started"));

    gateway.close();

    assertThatThrownBy(started::join).hasCauseInstanceOf(StartupException.class);
    assertThat(gateway.exit().join()).isEqualTo(ExitStatus.stopped());
    assertThat(done).doesNotContain("first opened").endsWith("limiter closed");
  }

  private Gateway gateway(int port, Door... doors) {
    HttpSettings http = HttpSettings.of("127.0.0.1", port, Duration.ofSeconds(2));
    return new Gateway(
        http,
        new HttpDoor(http, List.of(), new ObjectMapper()),
        new FakeRules(),
        List.of(doors),
        readiness,
        List.of(() -> done.add("limiter closed")),
        new StopSignal());
  }

  private final class FakeDoor implements Door {
    private final String name;

    FakeDoor(String name) {
      this.name = name;
    }

    @Override
    public int port() {
      return name.length();
    }

    @Override
    public void open() {
      if (name.equals("locked")) {
        throw new StartupException("the door is locked");
      }
      if (name.equals("broken")) {
        throw new IllegalStateException("a bug");
      }
      done.add(name + " opened");
    }

    @Override
    public void close() {
      if (name.equals("stuck")) {
        throw new IllegalStateException("it is stuck");
      }
      done.add(name + " closed");
    }
  }

  private final class FakeRules implements GatewayRules {
    @Override
    public void start() {
      done.add("rules started");
    }

    @Override
    public CompletableFuture<Void> loaded() {
      return loaded;
    }

    @Override
    public RuleSet current() {
      return RuleSet.empty();
    }

    @Override
    public Optional<String> trouble() {
      return trouble;
    }

    @Override
    public Optional<String> whyNoRules() {
      return whyNoRules;
    }

    @Override
    public void close() {
      done.add("rules closed");
    }
  }
}
