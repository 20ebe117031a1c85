package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static io.weir.streams.gateway.envoy.OpenDoor.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.weir.streams.app.StartupException;
import io.weir.streams.gateway.LogLines;
import io.weir.streams.gateway.StopTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Health, many calls at once, calls that nobody waits for, and the stop. */
class EnvoyDoorLifeTest {
  private static final RateLimitRequest REQUEST = request("api", descriptor("user", "1"));
  private static final long PATIENCE_SECONDS = 20;

  private final HeldLimiter limiter = new HeldLimiter();

  @Test
  void healthIsServingUnderBothNames() {
    try (OpenDoor door = OpenDoor.to(limiter)) {
      for (String service : List.of("", "envoy.service.ratelimit.v3.RateLimitService")) {
        assertThat(health(door, service)).isEqualTo(ServingStatus.SERVING);
      }
      assertThatThrownBy(() -> health(door, "other"))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("NOT_FOUND");
    }
  }

  private static ServingStatus health(OpenDoor door, String service) {
    return HealthGrpc.newBlockingStub(door.channel())
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  @Test
  void serviceCanBeAskedWhatItHas() throws Exception {
    try (OpenDoor door = OpenDoor.to(limiter)) {
      CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
      StreamObserver<ServerReflectionRequest> asking =
          ServerReflectionGrpc.newStub(door.channel())
              .serverReflectionInfo(
                  new Observer<>() {
                    @Override
                    public void onNext(ServerReflectionResponse value) {
                      answer.complete(value);
                    }
                  });
      asking.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
      assertThat(
              answer
                  .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                  .getListServicesResponse()
                  .getServiceList())
          .extracting(service -> service.getName())
          .contains(
              "envoy.service.ratelimit.v3.RateLimitService",
              "grpc.health.v1.Health",
              "grpc.reflection.v1.ServerReflection",
              "grpc.reflection.v1alpha.ServerReflection");
      asking.onCompleted();
    }
  }

  /** Far more than there are threads. */
  @Test
  void noThreadWaitsForTheLimiter() throws Exception {
    try (OpenDoor door = OpenDoor.to(limiter)) {
      List<ListenableFuture<RateLimitResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        calls.add(call(door));
      }
      await().until(() -> limiter.waiting() == 1_000);
      assertThat(health(door, "")).isEqualTo(ServingStatus.SERVING);
      limiter.release();
      for (ListenableFuture<RateLimitResponse> call : calls) {
        assertThat(call.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getOverallCode())
            .isEqualTo(Code.OK);
      }
    }
  }

  /** Envoy waits for 20 ms unless it is told otherwise. */
  @Test
  void answerThatNobodyWaitsForAnyMoreIsDropped() {
    try (LogLines log = new LogLines(RateLimitService.class);
        OpenDoor door = OpenDoor.to(limiter)) {
      ListenableFuture<RateLimitResponse> call = call(door);
      await().until(() -> limiter.waiting() == 1);
      assertThat(call.cancel(true)).isTrue();
      // Comes behind the cancellation, on the same connection.
      assertThat(health(door, "")).isEqualTo(ServingStatus.SERVING);
      limiter.release();
      limiter.answerWith(request -> CompletableFuture.completedStage(HeldLimiter.allowed(1)));
      assertThat(door.ask(REQUEST).getOverallCode()).isEqualTo(Code.OK);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void stopFinishesWhatIsUnderWay() throws Exception {
    try (OpenDoor door = OpenDoor.to(limiter)) {
      List<ServingStatus> seen = watchHealth(door);
      ListenableFuture<RateLimitResponse> call = call(door);
      await().until(() -> limiter.waiting() == 1);
      CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> door.door().close());
      await()
          .untilAsserted(
              () ->
                  assertThat(seen)
                      .containsExactly(ServingStatus.SERVING, ServingStatus.NOT_SERVING));
      assertThat(stop).isNotDone();
      limiter.release();
      assertThat(call.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getOverallCode()).isEqualTo(Code.OK);
      // The watch of the health is open still: nobody waits for its end.
      stop.get(PATIENCE_SECONDS / 2, TimeUnit.SECONDS);
      Throwable closed = catchThrowable(() -> call(door).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertThat(Status.fromThrowable(closed).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void stopIsBounded() {
    try (LogLines log = new LogLines(EnvoyDoor.class);
        OpenDoor door =
            OpenDoor.to(limiter, OpenDoor.settings().withStopTimeout(Duration.ofMillis(50)))) {
      ListenableFuture<RateLimitResponse> call = call(door);
      await().until(() -> limiter.waiting() == 1);
      door.door().close();
      assertThatThrownBy(() -> call.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
      assertThat(log.lines())
          .endsWith("WARN Requests that were under way on the gRPC door are cut off");
      limiter.release();
    }
  }

  private static List<ServingStatus> watchHealth(OpenDoor door) {
    List<ServingStatus> seen = new CopyOnWriteArrayList<>();
    HealthGrpc.newStub(door.channel())
        .watch(
            HealthCheckRequest.getDefaultInstance(),
            new Observer<HealthCheckResponse>() {
              @Override
              public void onNext(HealthCheckResponse value) {
                seen.add(value.getStatus());
              }
            });
    await().until(() -> !seen.isEmpty());
    return seen;
  }

  @Test
  void addressThatCannotBeListenedOnIsNamed() {
    String change =
        "; it may be in use, or no address of this machine: change grpc.host or grpc.port";
    try (OpenDoor door = OpenDoor.to(limiter)) {
      int port = door.door().port();
      assertCannotListen("127.0.0.1", port, "127.0.0.1:" + port + change);
    }
    assertCannotListen("2001:db8::1", 0, "[2001:db8::1]:0" + change);
    assertCannotListen(
        "nowhere.invalid",
        0,
        "nowhere.invalid:0; the name nowhere.invalid cannot be resolved: grpc.host must be an"
            + " address of this machine, or a name that has one");
  }

  private void assertCannotListen(String host, int port, String told) {
    EnvoyDoorSettings settings =
        EnvoyDoorSettings.of(host, port, Optional.empty(), false, 100, Duration.ofDays(1));
    try (EnvoyDoor door =
        new EnvoyDoor(
            settings,
            StopTime.of(Duration.ofSeconds(1)),
            limiter,
            OpenDoor.reporter(decided -> {}),
            OpenDoor.metrics())) {
      assertThatThrownBy(door::open)
          .isInstanceOf(StartupException.class)
          .hasMessage("cannot listen on " + told);
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(
            () ->
                EnvoyDoorSettings.of(
                    "127.0.0.1", 65_536, Optional.empty(), false, 100, Duration.ofDays(1)))
        .hasMessage("port is 65536; it must be from 0 to 65535");
    assertThatThrownBy(
            () ->
                new EnvoyDoorSettings(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    false,
                    1,
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    Duration.ZERO))
        .hasMessage("certificatesInterval is PT0S; it must be above 0");
    assertThatThrownBy(
            () ->
                EnvoyDoorSettings.of(
                    "127.0.0.1", 0, Optional.empty(), false, 0, Duration.ofDays(1)))
        .hasMessage("maxConnections is 0; it must be 1 or more");
  }

  private static ListenableFuture<RateLimitResponse> call(OpenDoor door) {
    return RateLimitServiceGrpc.newFutureStub(door.channel()).shouldRateLimit(REQUEST);
  }

  /** An observer for what comes. */
  private abstract static class Observer<T> implements StreamObserver<T> {
    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
