package io.weir.limiter.http.filter;

/**
 * Thrown by an {@link Extractor} where a field is there several times, of which the application may
 * read another one than the limiter. The request is answered with 400, as leaving the attribute out
 * would take it from its limits. Immutable.
 */
public final class RepeatedFieldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /** That this field is there several times. */
  public RepeatedFieldException(String field) {
    super("the field " + field + " is there several times; it must be there once");
    this.field = field;
  }

  /** The name of the field. */
  public String field() {
    return field;
  }
}
