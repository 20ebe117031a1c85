package io.weir.streams.docs;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** Runs the class that it is given the name of: its main method, or its tests. */
public final class ExampleMain {
  private ExampleMain() {}

  /** Runs the class. */
  public static void main(String... arguments) throws ReflectiveOperationException {
    Class<?> example = Class.forName(arguments[0]);
    for (Method method : example.getDeclaredMethods()) {
      method.setAccessible(true);
      if (method.getName().equals("main")) {
        method.invoke(null, (Object) new String[0]);
      } else if (method.isAnnotationPresent(Test.class)) {
        Constructor<?> constructor = example.getDeclaredConstructor();
        constructor.setAccessible(true);
        method.invoke(constructor.newInstance());
        System.out.println("ran " + method.getName());
      }
    }
  }
}
