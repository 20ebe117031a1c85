package io.weir.limiter.spring;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Looks whether what a key gives names the same caller each time. An object whose text is its class
 * and its hash, as that of {@link Object#toString}, is another caller at each call, so its limit
 * would hold for nobody. Stateless and thread-safe.
 */
final class KeyCheck {
  private KeyCheck() {}

  /**
   * What is wrong with a value, as the end of a sentence that begins with the key; or nothing.
   *
   * @param text its text
   */
  static Optional<String> trouble(Object value, String text) {
    if (isSeveral(value.getClass())) {
      return Optional.of(several(value.getClass()));
    }
    // Where there is no such sign, there is nothing to look for.
    boolean isNameless = text.indexOf('@') >= 0 && isByIdentity(value, text);
    return isNameless ? Optional.of(nameless(value.getClass())) : Optional.empty();
  }

  /** The same of all objects that a type can have; nothing where some may be right. */
  static Optional<String> trouble(Class<?> type) {
    Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
    if (isSeveral(boxed)) {
      return Optional.of(several(boxed));
    }
    return SpelProperties.isAllOf(boxed) && !hasText(boxed)
        ? Optional.of(nameless(boxed))
        : Optional.empty();
  }

  private static boolean isSeveral(Class<?> type) {
    return type.isArray()
        || Collection.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type);
  }

  private static boolean hasText(Class<?> type) {
    try {
      return type.getMethod("toString").getDeclaringClass() != Object.class;
    } catch (NoSuchMethodException e) {
      // Of void alone, which no call gives.
      return true;
    }
  }

  private static boolean isByIdentity(Object value, String text) {
    return !(value instanceof CharSequence)
        && (text.contains(value.getClass().getName() + "@" + Integer.toHexString(value.hashCode()))
            || (value instanceof Record && hasSuchComponent(value, text)));
  }

  private static boolean hasSuchComponent(Object rec, String text) {
    return Arrays.stream(rec.getClass().getRecordComponents())
        .map(component -> read(component, rec))
        .anyMatch(value -> value != null && isByIdentity(value, text));
  }

  private static @Nullable Object read(RecordComponent component, Object of) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Of a module that is closed; the rest of the record is looked at.
      return null;
    }
  }

  private static String several(Class<?> type) {
    return "a "
        + type.getSimpleName()
        + ", which may hold several values; it must be one, such as an id, and several attributes"
        + " have a key each";
  }

  private static String nameless(Class<?> type) {
    return "a "
        + type.getSimpleName()
        + ", whose text is of this one object, or of its hash (it has no toString of its own), so"
        + " that calls of one caller would have several budgets, or those of several one; it must"
        + " be what tells callers apart, such as its id";
  }
}
