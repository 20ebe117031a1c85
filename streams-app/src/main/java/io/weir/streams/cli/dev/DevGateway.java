package io.weir.streams.cli.dev;

import io.weir.streams.app.StartupException;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.gateway.GatewayFactory;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.gateway.Gateway;
import java.net.URI;

/**
 * The gateway of {@code weir dev}, in this process, and where its doors are.
 *
 * @param settings those that it was started by
 * @param gateway the gateway, started; closed with this
 */
record DevGateway(Settings settings, Gateway gateway) implements AutoCloseable {

  /**
   * Starts a gateway; returns when its doors are open.
   *
   * @throws CommandFailure if they do not open
   */
  static DevGateway start(Settings settings) {
    Gateway gateway = GatewayFactory.create(settings);
    try {
      gateway.start();
    } catch (StartupException e) {
      throw new CommandFailure("the gateway did not start: " + e.getMessage(), e);
    }
    return new DevGateway(settings, gateway);
  }

  /** Where Redis is. */
  String redisUri() {
    return settings.get(WeirSettings.REDIS_URI);
  }

  /** The HTTP door, such as {@code http://127.0.0.1:8081}. */
  URI http() {
    return URI.create("http://127.0.0.1:" + gateway.httpPort());
  }

  /** The door for Envoy, such as {@code 127.0.0.1:50051}. */
  String grpc() {
    return "127.0.0.1:" + gateway.doorPorts().get(0);
  }

  @Override
  public void close() {
    gateway.close();
  }
}
