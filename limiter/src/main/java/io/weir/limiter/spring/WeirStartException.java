package io.weir.limiter.spring;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What keeps an application from its start: a setting or an annotation that makes no sense. */
final class WeirStartException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String action;

  /**
   * A failure.
   *
   * @param what what is wrong, and where
   * @param action what whoever starts the application should do, in a sentence
   */
  WeirStartException(String what, String action, @Nullable Throwable cause) {
    super(what, cause);
    this.action = action;
  }

  WeirStartException(String what, String action) {
    this(what, action, null);
  }

  /** An annotation that makes no sense. */
  static WeirStartException ofAnnotation(String what, @Nullable Throwable cause) {
    return new WeirStartException(
        what, "Correct the annotation, or the limit that it names.", cause);
  }

  /**
   * A setting that makes no sense.
   *
   * @param setting what the message calls it
   * @param what what is wrong with it
   */
  static WeirStartException ofSetting(String setting, String what) {
    return new WeirStartException(setting + ": " + what, "Correct the setting " + setting + ".");
  }

  /**
   * What is made of a setting.
   *
   * @param setting what the message calls it
   * @throws WeirStartException if it makes no sense
   */
  static <T> T naming(String setting, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new WeirStartException(
          setting + ": " + e.getMessage(), "Correct the setting " + setting + ".", e);
    }
  }

  /**
   * Does something with a setting.
   *
   * @param setting what the message calls it
   * @throws WeirStartException if it makes no sense
   */
  static void using(String setting, Runnable use) {
    var unused =
        naming(
            setting,
            () -> {
              use.run();
              return true;
            });
  }

  String action() {
    return action;
  }
}
