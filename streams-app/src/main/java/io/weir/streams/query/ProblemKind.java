package io.weir.streams.query;

/** The kinds of errors that the HTTP door answers with (RFC 9457). */
public enum ProblemKind {
  /** The caller's mistake: the detail says which. */
  INVALID_REQUEST("invalid-request", 400, "The request makes no sense"),
  /** There is no such path. */
  NOT_FOUND("not-found", 404, "There is nothing here"),
  /** The domain has no rules. */
  UNKNOWN_DOMAIN("unknown-domain", 404, "The domain has no rules"),
  /** The path exists, the method does not. */
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "The method is not allowed here"),
  /** The body does not come. */
  TOO_SLOW("too-slow", 408, "The body comes too slowly"),
  /** The body does not fit. */
  TOO_LARGE("too-large", 413, "The body is too large"),
  /** The request line does not fit. */
  TOO_LONG("too-long", 414, "The request line is too long"),
  /** The body is in another form than is read. */
  UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The body is in a form that is not read"),
  /** The headers do not fit. */
  HEADERS_TOO_LONG("headers-too-long", 431, "The headers are too long"),
  /** A fault of the application; its log says more. */
  INTERNAL("internal", 500, "The question could not be answered"),
  /** The application starts, restores, rebalances or stops. */
  NOT_READY("not-ready", 503, "The application is not ready"),
  /** The instance that holds the state is not known, has changed, or does not answer. */
  OWNER_UNAVAILABLE("owner-unavailable", 503, "The instance that holds the state cannot be asked"),
  /** Redis, which holds the state, does not answer. */
  REDIS_UNAVAILABLE("redis-unavailable", 503, "Redis, which holds the state, does not answer");

  private final String slug;
  private final int status;
  private final String title;

  ProblemKind(String slug, int status, String title) {
    this.slug = slug;
    this.status = status;
    this.title = title;
  }

  /** The URI that names this kind; a name, not an address. */
  public String type() {
    return "urn:weir:problem:" + slug;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The same short sentence for every problem of this kind. */
  public String title() {
    return title;
  }

  /** Whether the same request may succeed a little later. */
  public boolean isTemporary() {
    return status == 503;
  }
}
