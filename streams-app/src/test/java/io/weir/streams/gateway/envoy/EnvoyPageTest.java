package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.weir.limiter.tck.FakeClock;
import io.weir.streams.docs.DocsPage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The configuration in docs/envoy.md is one of Envoy's API, and goes with the rules beside it. */
class EnvoyPageTest {
  private static final String PAGE = "envoy.md";
  private static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(HttpConnectionManager.getDescriptor())
          .add(RateLimit.getDescriptor())
          .add(Router.getDescriptor())
          .add(HttpProtocolOptions.getDescriptor())
          .add(UpstreamTlsContext.getDescriptor())
          .build();

  @Test
  void configurationIsOfEnvoysApiAndAsksWhatTheRulesLimit() throws IOException {
    HttpConnectionManager manager =
        bootstrap()
            .getStaticResources()
            .getListeners(0)
            .getFilterChains(0)
            .getFilters(0)
            .getTypedConfig()
            .unpack(HttpConnectionManager.class);
    RateLimit filter = manager.getHttpFilters(0).getTypedConfig().unpack(RateLimit.class);
    assertThat(bootstrap().getStaticResources().getClustersList())
        .extracting(cluster -> cluster.getName())
        .contains(filter.getRateLimitService().getGrpcService().getEnvoyGrpc().getClusterName());
    var host = manager.getRouteConfig().getVirtualHosts(0);
    String apiKey = host.getRateLimits(0).getActions(0).getRequestHeaders().getDescriptorKey();
    var path = host.getRoutes(0).getRoute().getRateLimits(0).getActions(1).getGenericKey();

    try (OpenDoor door =
        OpenDoor.to(
            OpenDoor.limiter(
                new FakeClock(OpenDoor.START), DocsPage.block(PAGE, "yaml", "domain: edge")))) {
      var client = descriptor(apiKey, "42");
      var login =
          descriptor(
              "remote_address", "192.0.2.1", path.getDescriptorKey(), path.getDescriptorValue());
      for (int i = 0; i < 5; i++) {
        assertThat(door.ask(filter.getDomain(), client, login).getOverallCode()).isEqualTo(Code.OK);
      }
      var denied = door.ask(filter.getDomain(), client, login);
      assertThat(denied.getStatuses(0).getCode()).isEqualTo(Code.OK);
      assertThat(denied.getStatuses(0).getLimitRemaining()).isEqualTo(95);
      assertThat(denied.getStatuses(1).getCode()).isEqualTo(Code.OVER_LIMIT);
    }
  }

  private static Bootstrap bootstrap() throws IOException {
    Object yaml =
        new ObjectMapper(new YAMLFactory())
            .readValue(DocsPage.block(PAGE, "", "static_resources:"), Object.class);
    Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
    merge(new ObjectMapper().writeValueAsString(yaml), bootstrap);
    return bootstrap.build();
  }

  private static void merge(String json, Bootstrap.Builder into)
      throws InvalidProtocolBufferException {
    JsonFormat.parser().usingTypeRegistry(TYPES).merge(json, into);
    assertThat(into.getStaticResources().getClusters(0).getTransportSocket().getTypedConfig())
        .isNotEqualTo(Any.getDefaultInstance());
  }
}
