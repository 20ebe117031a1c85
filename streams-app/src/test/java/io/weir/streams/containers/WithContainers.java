package io.weir.streams.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On tests with containers. Where there can be none they are skipped, and one line says why. A
 * constructor or a method can have an {@link AppImage} and a {@link Surroundings} as parameters, of
 * which there is one for all tests.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Containers.class)
public @interface WithContainers {}
