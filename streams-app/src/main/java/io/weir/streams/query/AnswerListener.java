package io.weir.streams.query;

/** Is told of every answer of the HTTP door. Implementations are thread-safe and do not wait. */
@FunctionalInterface
public interface AnswerListener {
  /**
   * Takes note of an answer.
   *
   * @param path the path of the route that answered, as {@link Route} writes it, or {@code other}
   * @param status the HTTP status; 0 where the caller was gone before there was one
   */
  void answered(String path, int status);
}
