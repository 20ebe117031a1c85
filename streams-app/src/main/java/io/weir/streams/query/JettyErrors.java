package io.weir.streams.query;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what Jetty refuses before any route sees it with problem+json. What the caller sent is
 * not known then, so the answers name no path.
 */
final class JettyErrors implements Request.Handler {
  private final JsonAnswers answers;

  JettyErrors(JsonAnswers answers) {
    this.answers = answers;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    byte[] problem =
        kind(status)
            .map(kind -> answers.problemOfUnread(kind, detail(kind)))
            .orElseGet(() -> answers.plainProblem(status, HttpStatus.getMessage(status)));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answers.problemType());
    response.write(true, ByteBuffer.wrap(problem), callback);
    return true;
  }

  private static Optional<ProblemKind> kind(int status) {
    return Optional.ofNullable(
        switch (status) {
          case 400 -> ProblemKind.INVALID_REQUEST;
          case 414 -> ProblemKind.TOO_LONG;
          case 431 -> ProblemKind.HEADERS_TOO_LONG;
          case 500 -> ProblemKind.INTERNAL;
          default -> null;
        });
  }

  private static String detail(ProblemKind kind) {
    return switch (kind) {
      case TOO_LONG, HEADERS_TOO_LONG ->
          "the request line and the headers have more than "
              + HttpDoor.MAX_HEADER_BYTES / 1024
              + " KiB together; send less";
      case INTERNAL -> "the application failed to answer; its log says why";
      default ->
          "the request line or a header is malformed; percent-encode what is no letter or digit";
    };
  }
}
