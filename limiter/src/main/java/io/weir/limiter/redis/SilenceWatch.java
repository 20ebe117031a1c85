package io.weir.limiter.redis;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which nothing comes though something was asked, so that it is made anew:
 * where the other machine has gone without a word, TCP itself goes on hoping for a quarter of an
 * hour. One for each connection, used by its event loop.
 */
final class SilenceWatch extends ChannelDuplexHandler {
  private final Duration limit;
  private boolean watches;
  private boolean hasRead;

  /** A watch that closes after the limit, or after twice that. */
  SilenceWatch(Duration limit) {
    this.limit = limit;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (!watches) {
      watches = true;
      hasRead = false;
      var unused =
          context.executor().schedule(() -> look(context), limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    var unused = context.write(message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    hasRead = true;
    context.fireChannelRead(message);
  }

  private void look(ChannelHandlerContext context) {
    watches = false;
    if (!hasRead) {
      var unused = context.close();
    }
  }
}
