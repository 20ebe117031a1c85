package io.weir.streams.gateway.envoy;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.plain.PlainLimiter;
import io.weir.streams.gateway.DoorMetrics;
import io.weir.streams.query.HostAndPort;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells why connections are refused that do not begin as they must: with TLS and a certificate
 * where these are asked for, and with HTTP/2. gRPC refuses them and has a trace or no word for it.
 * A connection that only comes and goes, as a probe of a load balancer does, is none of them.
 * Thread-safe.
 */
final class HandshakeWatch {
  private static final Logger LOG = LoggerFactory.getLogger(HandshakeWatch.class);

  /** RFC 9113, 3.4. */
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte TLS_HANDSHAKE = 22;
  private static final Pattern HTTP_1 = Pattern.compile("[A-Z]{3,} ");
  private static final int METHOD_BYTES = 9;

  /** BoringSSL's words, and those of the JDK where there is no BoringSSL. */
  private static final Pattern NO_CERTIFICATE =
      Pattern.compile("PEER_DID_NOT_RETURN_A_CERTIFICATE|Empty client certificate chain");

  private final DoorMetrics metrics;
  private final PlainLimiter lines = PlainLimiter.of(Limit.fixedWindow(1, Duration.ofSeconds(1)));

  HandshakeWatch(DoorMetrics metrics) {
    this.metrics = metrics;
  }

  /** Watches a connection that has just been accepted, and has no handlers yet. */
  void watch(Channel connection) {
    connection.pipeline().addLast(new Beginning());
  }

  private void refused(Channel connection, String why) {
    metrics.grpcHandshakeFailed();
    if (lines.tryAcquire()) {
      LOG.warn("A connection to the gRPC door{} is refused: {}", from(connection), why);
    }
  }

  /** Empty where the connection is over already, and nobody knows any more. */
  private static String from(Channel connection) {
    return connection.remoteAddress() instanceof InetSocketAddress peer
        ? " from " + HostAndPort.of(peer.getAddress().getHostAddress(), peer.getPort())
        : "";
  }

  /** In front of gRPC's handlers: what comes goes on to them as it is. */
  private final class Beginning extends ChannelInboundHandlerAdapter {
    private int matched;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      // gRPC's handlers make their TLS handler of this.
      context.fireChannelActive();
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls != null) {
        context.pipeline().remove(this);
        var unused =
            tls.handshakeFuture()
                .addListener(
                    done ->
                        failure(tls, Optional.ofNullable(done.cause()))
                            .ifPresent(why -> refused(context.channel(), why)));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
      if (read instanceof ByteBuf bytes) {
        look(context, bytes);
      }
      context.fireChannelRead(read);
    }

    private void look(ChannelHandlerContext context, ByteBuf bytes) {
      int end = Math.min(PREFACE.length - matched, bytes.readableBytes());
      for (int i = 0; i < end; i++) {
        if (bytes.getByte(bytes.readerIndex() + i) != PREFACE[matched + i]) {
          context.pipeline().remove(this);
          refused(context.channel(), otherProtocol(bytes));
          return;
        }
      }
      matched += end;
      if (matched == PREFACE.length) {
        context.pipeline().remove(this);
      }
    }
  }

  /** What a connection without TLS begins with, if not with HTTP/2. */
  private static String otherProtocol(ByteBuf bytes) {
    if (bytes.getByte(bytes.readerIndex()) == TLS_HANDSHAKE) {
      return "it begins with TLS, which the door has with grpc.tls.certificate and grpc.tls.key";
    }
    String start =
        bytes.toString(
            bytes.readerIndex(),
            Math.min(METHOD_BYTES, bytes.readableBytes()),
            StandardCharsets.US_ASCII);
    return HTTP_1.matcher(start).lookingAt()
        ? "it begins with HTTP/1, where gRPC is HTTP/2"
        : "it does not begin with HTTP/2, as gRPC does";
  }

  /** Why a handshake failed; empty where it did not, or where the client was gone. */
  private static Optional<String> failure(SslHandler tls, Optional<Throwable> cause) {
    if (cause.isEmpty()) {
      return tls.applicationProtocol() == null
          ? Optional.of("the client does not ask for HTTP/2 in the TLS handshake (ALPN h2)")
          : Optional.empty();
    }
    return cause.filter(SSLException.class::isInstance).map(HandshakeWatch::reason);
  }

  private static String reason(Throwable failure) {
    if (failure instanceof NotSslRecordException) {
      return "it does not begin with TLS";
    }
    if (NO_CERTIFICATE.matcher(String.valueOf(failure.getMessage())).find()) {
      return "the client has no certificate, which grpc.tls.client.ca asks for";
    }
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(CertificateException.class::isInstance)
        .findFirst()
        .map(
            untrusted ->
                "the client's certificate is not one of grpc.tls.client.ca: "
                    + untrusted.getMessage())
        .orElseGet(() -> "the TLS handshake failed: " + failure.getMessage());
  }
}
