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
  private final HttpSettings settings;

  JettyErrors(JsonAnswers answers, HttpSettings settings) {
    this.answers = answers;
    this.settings = settings;
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
          case 408 -> ProblemKind.TOO_SLOW;
          case 414 -> ProblemKind.TOO_LONG;
          case 431 -> ProblemKind.HEADERS_TOO_LONG;
          case 500 -> ProblemKind.INTERNAL;
          default -> null;
        });
  }

  private String detail(ProblemKind kind) {
    return switch (kind) {
      case TOO_LONG, HEADERS_TOO_LONG ->
          "the request line and the headers have more than "
              + settings.maxHeaderBytes() / 1024
              + " KiB together; send less";
      case TOO_SLOW ->
          "the body did not come within "
              + settings.bodyTimeout().toMillis()
              + " ms; send it at once";
      case INTERNAL -> "the application failed to answer; its log says why";
      default ->
          "the request line or a header is malformed; percent-encode what is no letter or digit";
    };
  }
}
