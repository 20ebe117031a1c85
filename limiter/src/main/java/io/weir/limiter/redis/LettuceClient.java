package io.weir.limiter.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Lettuce as the limiter needs it, for one server, for Sentinel or for a cluster. Thread-safe. */
final class LettuceClient implements AutoCloseable {
  private static final Duration LONGEST_RECONNECT_PAUSE = Duration.ofMillis(500);

  /** After so long without an answer a connection is made anew. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(3);

  /** For a new connection, and what is said at its beginning. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final ClientResources resources;
  private final AbstractRedisClient client;
  private final List<RedisURI> uris;

  private LettuceClient(
      ClientResources resources, AbstractRedisClient client, List<RedisURI> uris) {
    this.resources = resources;
    this.client = client;
    this.uris = uris;
  }

  /**
   * A client that has not connected.
   *
   * @param maxUnanswered calls that a Redis which stands still may collect
   */
  static LettuceClient ofServer(RedisURI uri, int maxUnanswered) {
    ClientResources resources = resources();
    RedisClient client = RedisClient.create(resources);
    client.setOptions(atMostOnce(ClientOptions.builder(), maxUnanswered).build());
    return new LettuceClient(resources, client, List.of(uri));
  }

  /**
   * A client that has not connected.
   *
   * @param uris some servers of the cluster
   * @param maxUnanswered calls that one of its servers which stands still may collect
   */
  static LettuceClient ofCluster(List<RedisURI> uris, int maxUnanswered) {
    ClientResources resources = resources();
    RedisClusterClient client = RedisClusterClient.create(resources, uris);
    ClusterClientOptions.Builder options =
        ClusterClientOptions.builder()
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh()
                    .adaptiveRefreshTriggersTimeout(LONGEST_RECONNECT_PAUSE)
                    .build());
    atMostOnce(options, maxUnanswered);
    client.setOptions(options.build());
    return new LettuceClient(resources, client, uris);
  }

  /**
   * An address that is waited for only as long as a connection may take.
   *
   * @throws IllegalArgumentException if it is none, with a sentence that has no password in it
   */
  static RedisURI address(String uri) {
    try {
      RedisURI address = RedisURI.create(uri);
      address.setTimeout(CONNECT_TIMEOUT);
      return address;
    } catch (IllegalArgumentException e) {
      // Lettuce's own sentence may repeat the address, and so the password.
      throw new IllegalArgumentException(
          "'"
              + uri.replaceFirst(".*@", "***@")
              + "' is no address of Redis; it must be like redis://host:6379, rediss://host:6379"
              + " for TLS, or redis-sentinel://host1,host2/0#name");
    }
  }

  private static String place(RedisURI uri) {
    if (!uri.getSentinels().isEmpty()) {
      return uri.getSentinelMasterId()
          + " by Sentinel at "
          + uri.getSentinels().stream().map(LettuceClient::place).collect(Collectors.joining(", "));
    }
    return uri.getSocket() == null ? uri.getHost() + ":" + uri.getPort() : uri.getSocket();
  }

  private static ClientResources resources() {
    return DefaultClientResources.builder()
        .nettyCustomizer(
            new NettyCustomizer() {
              @Override
              public void afterChannelInitialized(Channel channel) {
                channel.pipeline().addFirst(new SilenceWatch(LONGEST_SILENCE));
              }
            })
        .reconnectDelay(
            Delay.exponential(
                Duration.ofMillis(1), LONGEST_RECONNECT_PAUSE, 2, TimeUnit.MILLISECONDS))
        .build();
  }

  /** What was sent is never sent again by Lettuce, and what cannot be sent fails at once. */
  private static ClientOptions.Builder atMostOnce(
      ClientOptions.Builder options, int maxUnanswered) {
    MaintenanceNotifications.turnOff(options);
    return options
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .replayFilter(command -> true)
        .requestQueueSize(maxUnanswered)
        // Nothing is taken out of the middle of the queue, and timeouts are our own.
        .useHashIndexQueue(false)
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .socketOptions(
            SocketOptions.builder().keepAlive(true).connectTimeout(CONNECT_TIMEOUT).build());
  }

  /** Makes a connection, which is kept, and made anew by Lettuce where it breaks. */
  CompletionStage<RedisLink.Connection> connect() {
    if (client instanceof RedisClusterClient clustered) {
      return clustered
          .refreshPartitionsAsync()
          .thenCompose(done -> clustered.connectAsync(ByteArrayCodec.INSTANCE))
          .thenApply(made -> new RedisLink.Connection(made, made.async()));
    }
    return ((RedisClient) client)
        .connectAsync(ByteArrayCodec.INSTANCE, uris.get(0))
        .thenApply(made -> new RedisLink.Connection(made, made.async()));
  }

  /** Runs what is due at a time. */
  ScheduledExecutorService timer() {
    return resources.eventExecutorGroup();
  }

  @Override
  public void close() {
    client.shutdown(0, 1, TimeUnit.SECONDS);
    resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Where it connects to, without user and password. */
  @Override
  public String toString() {
    return uris.stream().map(LettuceClient::place).collect(Collectors.joining(", "));
  }
}
