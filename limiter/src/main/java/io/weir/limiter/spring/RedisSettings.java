package io.weir.limiter.spring;

import java.util.Arrays;
import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Finds settings {@code weir.redis.*}, which mean nothing where the state is elsewhere. */
final class RedisSettings {
  private RedisSettings() {}

  /** The names of those that are set, as they are in a file. */
  static List<String> in(Environment environment) {
    Binder binder = Binder.get(environment);
    return Arrays.stream(WeirProperties.Redis.class.getRecordComponents())
        .map(component -> "weir.redis." + UnknownSettings.name(component))
        .filter(name -> isSet(binder, name))
        .toList();
  }

  private static boolean isSet(Binder binder, String name) {
    return binder.bind(name, Bindable.of(Object.class)).isBound()
        || binder.bind(name, Bindable.listOf(String.class)).isBound();
  }
}
