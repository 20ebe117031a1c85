package io.weir.streams.query;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Gives a request a thread when its body is there: a client that sends it slowly, or not at all,
 * holds a connection and keeps nobody else waiting. Who takes too long is answered 408. Bodies are
 * bounded, each and all together, from when they are read until they are answered. Thread-safe.
 */
final class WholeBodies extends Handler.Wrapper {
  private static final int TOO_SLOW = ProblemKind.TOO_SLOW.status();
  private static final int TOO_MUCH = 503;

  private final Duration timeout;
  private final int maxBytes;
  private final long maxBytesOfAll;
  private final AtomicLong held = new AtomicLong();

  /**
   * A handler.
   *
   * @param timeout for a whole body
   * @param maxBytes of a body; of a longer one so many are passed on, and one more
   * @param maxBytesOfAll of all bodies that are not answered yet
   */
  WholeBodies(Duration timeout, int maxBytes, long maxBytesOfAll) {
    this.timeout = timeout;
    this.maxBytes = maxBytes;
    this.maxBytesOfAll = maxBytesOfAll;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getLength() <= 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
      return super.handle(request, response, callback);
    }
    new Reading(request, response, callback).run();
    return true;
  }

  private boolean handleWhole(Request request, Response response, Callback callback)
      throws Exception {
    return super.handle(request, response, callback);
  }

  /** The body of one request. Run by one thread at a time, each time that there is more of it. */
  private final class Reading implements Runnable {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final EndPoint connection;
    private final long idleMillis;
    private final long endNanos = System.nanoTime() + timeout.toNanos();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** How many bytes are counted for it. */
    private int counted;

    private Reading(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = Callback.from(callback, () -> held.addAndGet(-counted));
      this.connection = request.getConnectionMetaData().getConnection().getEndPoint();
      this.idleMillis = connection.getIdleTimeout();
    }

    @Override
    public void run() {
      while (true) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          awaitMore();
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          end();
          if (chunk.isLast() && (!isTimeOver() || response.isCommitted())) {
            passOn(request); // Whoever reads it meets the failure again, and knows what to say.
          } else {
            refuse(TOO_SLOW);
          }
          return;
        }
        if (held.addAndGet(chunk.remaining()) > maxBytesOfAll) {
          held.addAndGet(-chunk.remaining());
          chunk.release();
          end();
          refuse(TOO_MUCH);
          return;
        }
        counted += chunk.remaining();
        boolean isLast = chunk.isLast();
        byte[] bytes = BufferUtil.toArray(chunk.getByteBuffer());
        body.write(bytes, 0, bytes.length);
        chunk.release();
        if (isLast || body.size() > maxBytes) {
          end();
          passOn(new Whole(request, ByteBuffer.wrap(body.toByteArray())));
          return;
        }
      }
    }

    /** A timeout of the connection comes as a failure that is not the last chunk. */
    private void awaitMore() {
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
      if (leftMillis <= 0) {
        end();
        refuse(TOO_SLOW);
      } else {
        connection.setIdleTimeout(leftMillis);
        request.demand(this);
      }
    }

    /** Or nearly: the connection counts whole milliseconds. */
    private boolean isTimeOver() {
      return endNanos - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(2);
    }

    private void end() {
      connection.setIdleTimeout(idleMillis);
    }

    private void passOn(Request whole) {
      try {
        if (!handleWhole(whole, response, callback)) {
          refuse(ProblemKind.NOT_FOUND.status());
        }
      } catch (Exception e) {
        Response.writeError(request, response, callback, e);
      }
    }

    private void refuse(int status) {
      Response.writeError(request, response, callback, status);
    }
  }

  /** A request whose body is there. */
  private static final class Whole extends Request.Wrapper {
    private final Content.Source body;

    private Whole(Request request, ByteBuffer bytes) {
      super(request);
      this.body = new ByteBufferContentSource(bytes);
    }

    @Override
    public Content.Chunk read() {
      return body.read();
    }

    @Override
    public void demand(Runnable demandCallback) {
      body.demand(demandCallback);
    }

    @Override
    public void fail(Throwable failure) {
      body.fail(failure);
    }
  }
}
