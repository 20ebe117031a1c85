package io.weir.limiter.spring;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.beans.BeanUtils;
import org.springframework.expression.spel.support.ReflectivePropertyAccessor;
import org.springframework.util.ClassUtils;

/** What SpEL finds on objects of a type, without an object. Stateless and thread-safe. */
final class SpelProperties extends ReflectivePropertyAccessor {
  private static final String LENGTH = "length";

  SpelProperties() {
    super(false);
  }

  /**
   * Whether objects of a type have what the type has, and no more: there is no other class of them.
   * Of a class itself SpEL reads what is static.
   */
  static boolean isAllOf(Class<?> type) {
    return Modifier.isFinal(type.getModifiers()) && type != Class.class;
  }

  /** The type of a property; empty where there is no such property. */
  Optional<Class<?>> type(Class<?> of, String name) {
    Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(of);
    if (type.isArray() && name.equals(LENGTH)) {
      return Optional.of(int.class);
    }
    Method getter = findGetterForProperty(name, type, false);
    if (getter != null) {
      return Optional.of(getter.getReturnType());
    }
    Field field = findField(name, type, false);
    return field == null ? Optional.empty() : Optional.of(field.getType());
  }

  /** The names of the properties that are meant to be some, for messages. */
  Collection<String> names(Class<?> of) {
    Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(of);
    Collection<String> names = new TreeSet<>();
    Arrays.stream(BeanUtils.getPropertyDescriptors(type))
        .filter(property -> property.getReadMethod() != null)
        .forEach(property -> names.add(property.getName()));
    Arrays.stream(type.getFields()).forEach(field -> names.add(field.getName()));
    if (type.isRecord()) {
      Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).forEach(names::add);
    }
    if (type.isArray()) {
      names.add(LENGTH);
    }
    names.remove("class");
    return names;
  }
}
