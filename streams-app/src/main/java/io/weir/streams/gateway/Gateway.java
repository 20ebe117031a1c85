package io.weir.streams.gateway;

import io.weir.streams.app.Application;
import io.weir.streams.app.ExitStatus;
import io.weir.streams.app.StartupException;
import io.weir.streams.query.HostAndPort;
import io.weir.streams.query.HttpDoor;
import io.weir.streams.query.HttpDoorException;
import io.weir.streams.query.HttpSettings;
import io.weir.streams.serde.StopSignal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running gateway: its rules, its doors and what is behind them, from start to exit. HTTP opens
 * first, so that the readiness can be asked while rules are loaded; the other doors open when they
 * are.
 */
public final class Gateway implements Application {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final HttpSettings http;
  private final HttpDoor httpDoor;
  private final GatewayRules rules;
  private final List<Door> doors;
  private final GatewayReadiness readiness;
  private final List<AutoCloseable> behind;
  private final StopSignal stop;
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  private final Object changing = new Object();
  private boolean closed;

  /**
   * A gateway, not started. Closing it closes all that it is made of.
   *
   * @param http where the HTTP door listens
   * @param httpDoor the HTTP door
   * @param rules the rules to judge by
   * @param doors further doors, opened in this order
   * @param readiness what the doors go by
   * @param behind what the doors use, closed after them in this order
   * @param stop given as soon as a stop has begun
   */
  public Gateway(
      HttpSettings http,
      HttpDoor httpDoor,
      GatewayRules rules,
      List<Door> doors,
      GatewayReadiness readiness,
      List<AutoCloseable> behind,
      StopSignal stop) {
    this.http = http;
    this.httpDoor = httpDoor;
    this.rules = rules;
    this.doors = List.copyOf(doors);
    this.readiness = readiness;
    this.behind = List.copyOf(behind);
    this.stop = stop;
  }

  @Override
  public void start() {
    try {
      synchronized (changing) {
        requireNotStopping();
        httpDoor.start();
      }
      LOG.info("HTTP on {}", HostAndPort.of(http.host(), httpDoor.port()));
      rules.start();
      CompletableFuture.anyOf(rules.loaded(), stop.given()).join();
      for (Door door : doors) {
        synchronized (changing) {
          requireNotStopping();
          door.open();
        }
      }
      synchronized (changing) {
        requireNotStopping();
        readiness.opened();
      }
      LOG.info("The gateway is running");
    } catch (HttpDoorException e) {
      throw failed(new StartupException(String.valueOf(e.getMessage()), e));
    } catch (StartupException e) {
      throw failed(e);
    } catch (RuntimeException e) {
      throw failed(new StartupException("the gateway cannot start: " + e, e));
    }
  }

  private StartupException failed(StartupException failure) {
    if (!stop.isGiven()) {
      exit.complete(ExitStatus.failed(String.valueOf(failure.getMessage())));
    }
    close();
    return failure;
  }

  private void requireNotStopping() {
    if (stop.isGiven()) {
      throw new StartupException("the gateway was stopped before it had started");
    }
  }

  /** Whether a stop was asked for before it had started: then what fails, fails because of that. */
  public boolean isStopping() {
    return stop.isGiven();
  }

  @Override
  public CompletableFuture<ExitStatus> exit() {
    return exit.copy();
  }

  /** The port of the HTTP door, once started. */
  public int httpPort() {
    return httpDoor.port();
  }

  /** The ports of the further doors, in their order, once started. */
  public List<Integer> doorPorts() {
    return doors.stream().map(Door::port).toList();
  }

  @Override
  public void close() {
    stop.give();
    synchronized (changing) {
      if (closed) {
        return;
      }
      closed = true;
      readiness.stopping();
      for (int last = doors.size() - 1; last >= 0; last--) {
        close(doors.get(last));
      }
      close(httpDoor);
      close(rules);
      behind.forEach(Gateway::close);
      if (exit.complete(ExitStatus.stopped())) {
        LOG.info("Stopped");
      }
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("A part of the gateway did not close: {}", e.toString());
    }
  }
}
