package io.weir.limiter.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;

/**
 * What Redis Enterprise tells of its maintenance, and Lettuce 7 follows by relaxing time-outs and
 * moving connections. Lettuce 6, which Spring Boot 4.0 brings, knows nothing of it. Stateless.
 */
final class MaintenanceNotifications {
  private MaintenanceNotifications() {}

  /** Has Lettuce not ask for them, where it would. */
  static void turnOff(ClientOptions.Builder options) {
    if (isKnown()) {
      SinceLettuce7.turnOff(options);
    }
  }

  private static boolean isKnown() {
    try {
      Class.forName(
          "io.lettuce.core.MaintNotificationsConfig",
          false,
          MaintenanceNotifications.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Loaded only where its classes are. */
  private static final class SinceLettuce7 {
    private SinceLettuce7() {}

    static void turnOff(ClientOptions.Builder options) {
      var unused = options.maintNotificationsConfig(MaintNotificationsConfig.disabled());
    }
  }
}
