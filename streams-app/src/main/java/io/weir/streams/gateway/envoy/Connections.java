package io.weir.streams.gateway.envoy;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.plain.PlainLimiter;
import io.weir.streams.gateway.DoorMetrics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of the door, of which no more than so many are open at a time. One above that is
 * closed before anything is read of it, so it costs neither memory nor a TLS handshake, and its
 * client learns at once that it must ask elsewhere; the others are not touched. gRPC has no bound
 * of its own, which is why the sockets are made here. Thread-safe.
 */
final class Connections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  /** For channels to be closed. */
  private static final Duration END = Duration.ofSeconds(1);

  private final int most;
  private final DoorMetrics metrics;
  private final HandshakeWatch handshakes;
  private final AtomicInteger open = new AtomicInteger();
  private final PlainLimiter lines = PlainLimiter.of(Limit.fixedWindow(1, Duration.ofSeconds(1)));
  private final EventLoopGroup accepting = group(1, "weir-grpc-accept");

  /** Netty's own number of threads. */
  private final EventLoopGroup serving = group(0, "weir-grpc");

  /**
   * Connections; threads are started with the first.
   *
   * @param most how many may be open at a time, 1 or more
   */
  Connections(int most, DoorMetrics metrics) {
    this.most = most;
    this.metrics = metrics;
    this.handshakes = new HandshakeWatch(metrics);
    metrics.grpcConnections(open);
  }

  private static EventLoopGroup group(int threads, String name) {
    IoHandlerFactory polling =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), polling);
  }

  /** Makes the server take its connections from here. */
  NettyServerBuilder use(NettyServerBuilder server) {
    return server
        .bossEventLoopGroup(accepting)
        .workerEventLoopGroup(serving)
        .channelFactory(this::listening);
  }

  private ServerChannel listening() {
    ServerChannel channel =
        Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    // Before what hands connections on.
    channel.pipeline().addLast(new Bound());
    return channel;
  }

  /** Only the one accepting thread comes here, so nobody else can take the last place meanwhile. */
  private final class Bound extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      Channel connection = (Channel) accepted;
      if (open.get() >= most) {
        metrics.grpcConnectionRefused();
        if (lines.tryAcquire()) {
          LOG.warn(
              "A connection to the gRPC door is refused: {} are open (grpc.max.connections)", most);
        }
        connection.unsafe().closeForcibly();
        return;
      }
      open.incrementAndGet();
      var unused = connection.closeFuture().addListener(closed -> open.decrementAndGet());
      handshakes.watch(connection);
      context.fireChannelRead(connection);
    }
  }

  /** Closes all of them. */
  @Override
  public void close() {
    for (EventLoopGroup group : new EventLoopGroup[] {accepting, serving}) {
      var unused = group.shutdownGracefully(0, END.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
