package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static io.weir.streams.gateway.envoy.OpenDoor.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.RateLimitOverride;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.weir.limiter.tck.FakeClock;
import io.weir.streams.gateway.LogLines;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnvoyErrorsTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user
          rate_limit: {unit: minute, requests_per_unit: 5}
      """;
  private static final RateLimitDescriptor USER = descriptor("user", "1");

  private LogLines log;
  private OpenDoor door;

  @BeforeEach
  void open() {
    log = new LogLines(RateLimitService.class);
    door = OpenDoor.to(OpenDoor.limiter(new FakeClock(OpenDoor.START), RULES));
  }

  @AfterEach
  void close() {
    door.close();
    log.close();
  }

  @Test
  void domainMustNotBeEmpty() {
    assertInvalid(request("", USER), "rate limit domain must not be empty");
    assertThat(log.lines())
        .containsExactly(
            "WARN A request of Envoy's is refused, as it makes no sense: rate limit domain must"
                + " not be empty");
  }

  @Test
  void descriptorListMustNotBeEmpty() {
    assertInvalid(request("api"), "rate limit descriptor list must not be empty");
  }

  @Test
  void descriptorMustHaveEntries() {
    assertInvalid(
        request("api", USER, descriptor()),
        "rate limit descriptor 2 has no entries; it must have at least one");
  }

  @Test
  void entryMustHaveAKey() {
    assertInvalid(
        request("api", descriptor("user", "1", "", "x")),
        "entry 2 of rate limit descriptor 1 has an empty key");
  }

  @Test
  void domainIsBounded() {
    assertThat(door.ask("x".repeat(256), USER).getOverallCode()).isEqualTo(Code.OK);
    assertInvalid(
        request("x".repeat(257), USER), "rate limit domain has 257 characters; it may have 256");
  }

  @Test
  void descriptorsAreBounded() {
    RateLimitDescriptor nobody = descriptor("nobody", "x");
    assertThat(door.ask(many(nobody, 64)).getStatusesCount()).isEqualTo(64);
    assertInvalid(
        many(nobody, 65), "rate limit descriptor list has 65 descriptors; it may have 64");
  }

  private static RateLimitRequest many(RateLimitDescriptor descriptor, int count) {
    return RateLimitRequest.newBuilder()
        .setDomain("api")
        .addAllDescriptors(Collections.nCopies(count, descriptor))
        .build();
  }

  @Test
  void entriesAreBounded() {
    assertThat(door.ask("api", deep(64)).getOverallCode()).isEqualTo(Code.OK);
    assertInvalid(
        request("api", deep(65)), "rate limit descriptor 1 has 65 entries; it may have 64");
  }

  private static RateLimitDescriptor deep(int entries) {
    return RateLimitDescriptor.newBuilder()
        .addAllEntries(Collections.nCopies(entries, USER.getEntries(0)))
        .build();
  }

  @Test
  void hitsMustFitASignedLong() {
    assertThat(door.ask("api", hits(Long.MAX_VALUE)).getOverallCode()).isEqualTo(Code.OVER_LIMIT);
    assertInvalid(
        request("api", hits(-1)),
        "hits_addend of rate limit descriptor 1 is 18446744073709551615; it must be at most"
            + " 9223372036854775807");
  }

  private static RateLimitDescriptor hits(long hits) {
    return USER.toBuilder().setHitsAddend(UInt64Value.of(hits)).build();
  }

  @Test
  void overrideMustHaveAUnit() {
    for (int unit : new int[] {0, 99}) {
      RateLimitOverride override =
          RateLimitOverride.newBuilder().setRequestsPerUnit(1).setUnitValue(unit).build();
      assertInvalid(
          request("api", USER.toBuilder().setLimit(override).build()),
          "the limit of rate limit descriptor 1 has the unit "
              + override.getUnitValue()
              + "; it must be one that envoy.type.v3.RateLimitUnit names, and not UNKNOWN");
    }
  }

  @Test
  void whatTheLimiterCallsInvalidIsDeniedAndLogged() {
    RateLimitDescriptor other =
        USER.toBuilder()
            .setLimit(RateLimitOverride.newBuilder().setUnitValue(1).setRequestsPerUnit(9))
            .build();
    assertDenied(door.ask("api", USER, other));
    assertThat(log.lines())
        .containsExactly(
            "WARN A request of Envoy's is denied, as it makes no sense: two descriptors are the"
                + " same and bring different limits; send one of them");
  }

  /** Whoever is limited chooses the values, and must not get past the limit by a long one. */
  @Test
  void valueThatIsTooLongIsOverTheLimitAndNoError() {
    assertThat(door.ask("api", descriptor("user", "x".repeat(65_532))).getOverallCode())
        .isEqualTo(Code.OK);
    RateLimitResponse denied =
        door.ask("api", descriptor("nobody", "x"), descriptor("user", "x".repeat(65_533)));
    assertDenied(denied);
    assertThat(log.lines())
        .containsExactly(
            "WARN A request of Envoy's is denied, as it makes no sense: a descriptor has more than"
                + " 65536 characters");
    assertThat(door.ask("api", descriptor("user", "")).getStatuses(0).getLimitRemaining())
        .as("an empty value is one, as in envoyproxy/ratelimit")
        .isEqualTo(4);
  }

  /** Of two descriptors. */
  private static void assertDenied(RateLimitResponse answer) {
    assertThat(answer.getOverallCode()).isEqualTo(Code.OVER_LIMIT);
    assertThat(answer.getStatusesList())
        .hasSize(2)
        .allSatisfy(
            status -> {
              assertThat(status.getCode()).isEqualTo(Code.OVER_LIMIT);
              assertThat(status.hasCurrentLimit()).isFalse();
            });
  }

  @Test
  void whatIsNoMessageIsRefusedWithALogLineASecond() {
    try (LogLines refused = new LogLines(MalformedMessages.class)) {
      for (int i = 0; i < 3; i++) {
        StatusRuntimeException error =
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    ClientCalls.blockingUnaryCall(
                        door.channel(),
                        RateLimitServiceGrpc.getShouldRateLimitMethod().toBuilder(
                                new Bytes(),
                                RateLimitServiceGrpc.getShouldRateLimitMethod()
                                    .getResponseMarshaller())
                            .build(),
                        CallOptions.DEFAULT,
                        "no protobuf"));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(error.getStatus().getDescription())
            .isEqualTo(
                "the message is not what"
                    + " envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit takes");
      }
      assertThat(refused.lines())
          .hasSizeBetween(1, 3)
          .allMatch(
              line ->
                  line.startsWith(
                      "WARN A message to"
                          + " envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit is"
                          + " refused: "));
    }
    assertThat(door.ask("api", USER).getOverallCode()).isEqualTo(Code.OK);
  }

  /** Sends texts as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void limiterThatFailsIsAnErrorWithALogLineASecond() {
    HeldLimiter limiter = new HeldLimiter();
    try (OpenDoor broken = OpenDoor.to(limiter)) {
      limiter.answerWith(
          request -> {
            throw new IllegalStateException("the limiter is closed");
          });
      assertInternal(broken);
      limiter.answerWith(
          request -> CompletableFuture.failedFuture(new IllegalArgumentException("a bug")));
      assertInternal(broken);
    }
    assertThat(log.lines())
        .hasSizeBetween(1, 2)
        .allMatch("ERROR A request of Envoy's could not be judged"::equals);
  }

  private static void assertInternal(OpenDoor broken) {
    StatusRuntimeException error =
        catchThrowableOfType(StatusRuntimeException.class, () -> broken.ask("api", USER));
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(error.getStatus().getDescription())
        .isEqualTo("the request could not be judged; the log of Weir says why");
  }

  private void assertInvalid(RateLimitRequest request, String message) {
    StatusRuntimeException error = error(request);
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(error.getStatus().getDescription()).isEqualTo(message);
  }

  private StatusRuntimeException error(RateLimitRequest request) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> door.ask(request));
  }

  @Test
  void howCallsEndIsCountedByMethodAndCode() {
    String check = "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";
    HeldLimiter limiter = new HeldLimiter();
    try (OpenDoor door = OpenDoor.to(limiter)) {
      limiter.answerWith(request -> CompletableFuture.completedStage(HeldLimiter.allowed(1)));
      door.ask("api", OpenDoor.descriptor("user", "1"));
      door.ask("api", OpenDoor.descriptor("user", "2"));
      assertThat(catchThrowable(() -> door.ask("", OpenDoor.descriptor("user", "1")))).isNotNull();
      limiter.answerWith(
          request -> CompletableFuture.failedStage(new IllegalStateException("a bug")));
      assertThat(catchThrowable(() -> door.ask("api", OpenDoor.descriptor("user", "1"))))
          .isNotNull();
      MethodDescriptor<RateLimitRequest, RateLimitResponse> unknown =
          RateLimitServiceGrpc.getShouldRateLimitMethod().toBuilder()
              .setFullMethodName("made.up.Service/Method-" + System.nanoTime())
              .build();
      assertThat(
              catchThrowable(
                  () ->
                      ClientCalls.blockingUnaryCall(
                          door.channel(),
                          unknown,
                          CallOptions.DEFAULT,
                          RateLimitRequest.getDefaultInstance())))
          .isNotNull();

      await()
          .untilAsserted(
              () -> {
                assertThat(door.ended(check, "OK")).isEqualTo(2);
                assertThat(door.ended(check, "INVALID_ARGUMENT")).isEqualTo(1);
                assertThat(door.ended(check, "INTERNAL")).isEqualTo(1);
                assertThat(door.ended("other", "UNIMPLEMENTED")).isEqualTo(1);
              });
    }
  }
}
