package io.weir.limiter.redis;

import com.github.dockerjava.api.DockerClient;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/**
 * A real Redis in a container, of a newer line than {@link RedisProcess} is. {@code
 * -Dweir.redis.image} takes another image.
 */
final class RedisContainer implements RedisServer {
  private static final String IMAGE = System.getProperty("weir.redis.image", "redis:7.4-alpine");

  private final GenericContainer<?> container = new GenericContainer<>(IMAGE);
  // Chosen here: one that the engine chooses is another one after a restart.
  private final int port = RedisProcess.freePort();

  private RedisContainer() {
    container.setPortBindings(List.of(loopback() + port + ":6379"));
    container
        .withCommand(
            "redis-server --bind 0.0.0.0 --protected-mode no --appendonly no --save".split(" "))
        .waitingFor(Wait.forLogMessage(".*eady to accept.*\\n", 1));
  }

  static RedisContainer start() {
    RedisContainer started = new RedisContainer();
    started.container.start();
    return started;
  }

  /** Why there can be none here, if so. It is known within a minute. */
  static Optional<String> missing() {
    return CompletableFuture.supplyAsync(
            () -> {
              if (!DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.of("there is no Docker engine");
              }
              new RemoteDockerImage(DockerImageName.parse(IMAGE)).get();
              return Optional.<String>empty();
            })
        // Testcontainers alone would try for many minutes.
        .orTimeout(1, TimeUnit.MINUTES)
        .exceptionally(
            e ->
                Optional.of(
                    "the Docker engine has not got the image " + IMAGE + " or Testcontainers' own"))
        .join();
  }

  /** The address to listen on with its colon, or nothing where the engine is on another machine. */
  private static String loopback() {
    try {
      String engine = DockerClientFactory.instance().dockerHostIpAddress();
      return InetAddress.getByName(engine).isLoopbackAddress() ? "127.0.0.1:" : "";
    } catch (UnknownHostException e) {
      return "";
    }
  }

  private DockerClient engine() {
    return container.getDockerClient();
  }

  @Override
  public String uri() {
    return "redis://" + container.getHost() + ":" + port;
  }

  @Override
  public void kill() {
    engine().killContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void startAgain() {
    engine().startContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void pause() {
    engine().pauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void resume() {
    engine().unpauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    container.stop();
  }
}
