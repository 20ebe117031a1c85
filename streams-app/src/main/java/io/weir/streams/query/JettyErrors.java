package io.weir.streams.query;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what Jetty refuses before any route sees it with problem+json. */
final class JettyErrors implements Request.Handler {
  private final JsonAnswers answers;

  JettyErrors(JsonAnswers answers) {
    this.answers = answers;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    String title = HttpStatus.getMessage(status);
    Object reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    // Of a fault of the server only the log may tell; a refusal's reason is the caller's business.
    String detail = status < 500 && reason instanceof String text ? text : title;
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answers.problemType());
    response.write(
        true, ByteBuffer.wrap(answers.plainProblem(title, status, detail, "/")), callback);
    return true;
  }
}
