package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static io.weir.streams.gateway.envoy.OpenDoor.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.RateLimitOverride;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;
import io.envoyproxy.envoy.type.v3.RateLimitUnit;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import io.weir.streams.topology.DecidedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the answers say, beyond what envoyproxy/ratelimit has. */
class EnvoyDoorTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user
          rate_limit: {unit: minute, requests_per_unit: 5}
        - key: plan
          rate_limit: {unit: hour, requests_per_unit: 3, name: plans}
        - key: thirty
          rate_limit: {unit: second, unit_multiplier: 30, requests_per_unit: 2}
        - key: sixty
          rate_limit: {unit: second, unit_multiplier: 60, requests_per_unit: 2}
        - key: week
          rate_limit: {unit: week, requests_per_unit: 2}
        - key: month
          rate_limit: {unit: month, requests_per_unit: 2}
        - key: year
          rate_limit: {unit: year, requests_per_unit: 2}
        - key: bucket
          rate_limit: {unit: minute, requests_per_unit: 6, burst: 12, algorithm: token_bucket}
        - key: log
          rate_limit: {unit: minute, requests_per_unit: 1, algorithm: sliding_window_log}
        - key: huge
          rate_limit: {unit: day, requests_per_unit: 4294967295}
        - key: several
          rate_limits:
            - {name: a-second, unit: second, requests_per_unit: 2}
            - {name: a-day, unit: day, requests_per_unit: 3}
        - key: quota
          rate_limit: {unit: minute, requests_per_unit: 1}
          quota_mode: true
        - key: other_quota
          rate_limit: {unit: minute, requests_per_unit: 2}
          quota_mode: true
        - key: shadow
          rate_limit: {unit: minute, requests_per_unit: 1}
          shadow_mode: true
        - key: free
          rate_limit: {unlimited: true}
      """;

  private final FakeClock clock = new FakeClock(OpenDoor.START);
  private final List<OpenDoor> open = new ArrayList<>();

  @AfterEach
  void closeDoors() {
    open.forEach(OpenDoor::close);
  }

  @Test
  void hitsOfTheRequestCountForEachDescriptor() {
    OpenDoor door = door();
    RateLimitDescriptor own =
        descriptor("plan", "x").toBuilder().setHitsAddend(UInt64Value.of(3)).build();
    RateLimitResponse answer =
        door.ask(request("api", descriptor("user", "1"), own).toBuilder().setHitsAddend(2).build());
    assertThat(answer.getOverallCode()).isEqualTo(Code.OK);
    assertThat(answer.getStatuses(0).getLimitRemaining()).isEqualTo(3);
    assertThat(answer.getStatuses(1).getLimitRemaining()).isZero();
  }

  @Test
  void deniedRequestConsumesNothingAndTellsWhatIsLeft() {
    OpenDoor door = door();
    for (int i = 0; i < 2; i++) {
      RateLimitResponse answer =
          door.ask(
              request("api", descriptor("user", "1"), descriptor("plan", "x")).toBuilder()
                  .setHitsAddend(4)
                  .build());
      assertThat(answer.getOverallCode()).isEqualTo(Code.OVER_LIMIT);
      assertThat(answer.getStatuses(0).getCode()).isEqualTo(Code.OK);
      assertThat(answer.getStatuses(0).getLimitRemaining()).isEqualTo(5);
      assertThat(answer.getStatuses(1).getCode()).isEqualTo(Code.OVER_LIMIT);
      assertThat(answer.getStatuses(1).getLimitRemaining()).isEqualTo(3);
    }
  }

  @Test
  void hitsBeyondTheSignOfAnIntAreANumber() {
    DescriptorStatus status =
        door()
            .ask(
                request("api", descriptor("huge", "1")).toBuilder()
                    .setHitsAddend((int) 4_000_000_000L)
                    .build())
            .getStatuses(0);
    assertThat(status.getCode()).isEqualTo(Code.OK);
    assertThat(Integer.toUnsignedLong(status.getLimitRemaining())).isEqualTo(294_967_295L);
    assertThat(Integer.toUnsignedLong(status.getCurrentLimit().getRequestsPerUnit()))
        .isEqualTo(4_294_967_295L);
  }

  @Test
  void unitIsThatOfThePeriodAndUnknownWhereEnvoyHasNone() {
    OpenDoor door = door();
    assertThat(unit(door, "thirty")).isEqualTo(Unit.UNKNOWN);
    assertThat(unit(door, "sixty")).isEqualTo(Unit.MINUTE);
    assertThat(unit(door, "week")).isEqualTo(Unit.WEEK);
    assertThat(unit(door, "month")).isEqualTo(Unit.MONTH);
    assertThat(unit(door, "year")).isEqualTo(Unit.YEAR);
    assertThat(unit(door, "plan")).isEqualTo(Unit.HOUR);
  }

  private static Unit unit(OpenDoor door, String key) {
    return door.ask("api", descriptor(key, "x")).getStatuses(0).getCurrentLimit().getUnit();
  }

  @Test
  void nameIsTheOneThatTheRuleWasGiven() {
    RateLimitResponse answer =
        door().ask("api", descriptor("user", "1"), descriptor("plan", "free"));
    assertThat(answer.getStatuses(0).getCurrentLimit().getName()).isEmpty();
    assertThat(answer.getStatuses(1).getCurrentLimit().getName()).isEqualTo("plans");
  }

  /**
   * Six a minute: a token each ten seconds, a full bucket of twelve two minutes after it is empty.
   */
  @Test
  void bucketThatDeniesTellsWhenItWouldAdmit() {
    OpenDoor door = door();
    DescriptorStatus full = door.ask("api", hits("bucket", 12)).getStatuses(0);
    assertThat(full.getCode()).isEqualTo(Code.OK);
    assertThat(full.getCurrentLimit().getRequestsPerUnit()).isEqualTo(6);
    assertThat(full.getDurationUntilReset().getSeconds()).isEqualTo(120);
    clock.advance(Duration.ofMillis(100));
    DescriptorStatus empty = door.ask("api", hits("bucket", 1)).getStatuses(0);
    assertThat(empty.getCode()).isEqualTo(Code.OVER_LIMIT);
    assertThat(empty.getDurationUntilReset())
        .as("9.9 s, rounded up")
        .isEqualTo(com.google.protobuf.Duration.newBuilder().setSeconds(10).build());
    clock.advance(Duration.ofSeconds(10));
    assertThat(door.ask("api", hits("bucket", 1)).getOverallCode()).isEqualTo(Code.OK);
  }

  @Test
  void whatNeverFitsTellsWhenItIsFullAgain() {
    OpenDoor door = door();
    assertThat(door.ask("api", hits("bucket", 6)).getOverallCode()).isEqualTo(Code.OK);
    DescriptorStatus never = door.ask("api", hits("bucket", 13)).getStatuses(0);
    assertThat(never.getCode()).isEqualTo(Code.OVER_LIMIT);
    assertThat(never.getDurationUntilReset().getSeconds()).isEqualTo(60);
  }

  @Test
  void logThatDeniesTellsWhenItsEntryIsGone() {
    OpenDoor door = door();
    assertThat(door.ask("api", descriptor("log", "x")).getOverallCode()).isEqualTo(Code.OK);
    clock.advance(Duration.ofSeconds(20));
    assertThat(door.ask("api", descriptor("log", "x")).getStatuses(0).getDurationUntilReset())
        .isEqualTo(com.google.protobuf.Duration.newBuilder().setSeconds(40).build());
  }

  @Test
  void ofSeveralLimitsTheBindingOneIsTold() {
    OpenDoor door = door();
    for (String binding : List.of("a-second", "a-second")) {
      assertThat(limitName(door)).isEqualTo(binding);
    }
    RateLimitResponse denied = door.ask("api", descriptor("several", "x"));
    assertThat(denied.getStatuses(0).getCode()).isEqualTo(Code.OVER_LIMIT);
    assertThat(denied.getStatuses(0).getCurrentLimit().getName()).isEqualTo("a-second");
    clock.advance(Duration.ofSeconds(1));
    assertThat(limitName(door)).isEqualTo("a-day");
  }

  private static String limitName(OpenDoor door) {
    DescriptorStatus status = door.ask("api", descriptor("several", "x")).getStatuses(0);
    assertThat(status.getCode()).isEqualTo(Code.OK);
    return status.getCurrentLimit().getName();
  }

  @Test
  void quotaThatIsExhaustedIsToldAndDeniesOnlyWhereAllAre() {
    OpenDoor door = door();
    RateLimitDescriptor quota = descriptor("quota", "x");
    RateLimitDescriptor other = descriptor("other_quota", "x");
    RateLimitDescriptor user = descriptor("user", "1");
    assertThat(codes(door.ask("api", quota, other, user)))
        .containsExactly(Code.OK, Code.OK, Code.OK, Code.OK);
    assertThat(codes(door.ask("api", quota, other, user)))
        .containsExactly(Code.OK, Code.OVER_LIMIT, Code.OK, Code.OK);
    assertThat(codes(door.ask("api", quota, other, user)))
        .containsExactly(Code.OVER_LIMIT, Code.OVER_LIMIT, Code.OVER_LIMIT, Code.OK);
  }

  @Test
  void shadowIsOkWithItsNumbers() {
    OpenDoor door = door();
    assertThat(door.ask("api", descriptor("shadow", "x")).getOverallCode()).isEqualTo(Code.OK);
    DescriptorStatus over = door.ask("api", descriptor("shadow", "x")).getStatuses(0);
    assertThat(over.getCode()).isEqualTo(Code.OK);
    assertThat(over.getLimitRemaining()).isZero();
    assertThat(over.getDurationUntilReset().getSeconds()).isEqualTo(48);
  }

  /** Overall code first. */
  private static List<Code> codes(RateLimitResponse answer) {
    List<Code> codes = new ArrayList<>(List.of(answer.getOverallCode()));
    answer.getStatusesList().forEach(status -> codes.add(status.getCode()));
    return codes;
  }

  @Test
  void overrideTakesThePlaceOfTheRule() {
    OpenDoor door = door();
    RateLimitDescriptor overridden = override(descriptor("user", "1"), 2, RateLimitUnit.HOUR);
    RateLimitDescriptor unruled =
        override(descriptor("unruled", "1", "deep", "2"), 1, RateLimitUnit.DAY);
    RateLimitResponse answer = door.ask("api", overridden, unruled);
    assertThat(answer.getStatuses(0).getCurrentLimit().getUnit()).isEqualTo(Unit.HOUR);
    assertThat(answer.getStatuses(0).getLimitRemaining()).isEqualTo(1);
    assertThat(answer.getStatuses(1).getCurrentLimit().getRequestsPerUnit()).isEqualTo(1);
    assertThat(answer.getStatuses(1).getCurrentLimit().getUnit()).isEqualTo(Unit.DAY);
    assertThat(answer.getStatuses(1).getCurrentLimit().getName()).isEmpty();
    assertThat(codes(door.ask("api", overridden, unruled)))
        .containsExactly(Code.OVER_LIMIT, Code.OK, Code.OVER_LIMIT);
    assertThat(door.ask("unknown", overridden).getStatuses(0))
        .isEqualTo(DescriptorStatus.newBuilder().setCode(Code.OK).build());
  }

  private static RateLimitDescriptor override(
      RateLimitDescriptor descriptor, int requests, RateLimitUnit unit) {
    return descriptor.toBuilder()
        .setLimit(RateLimitOverride.newBuilder().setRequestsPerUnit(requests).setUnit(unit))
        .build();
  }

  @Test
  void headersAreOffUnlessAskedFor() {
    assertThat(door().ask("api", descriptor("user", "1")).getResponseHeadersToAddList()).isEmpty();
  }

  @Test
  void headersAreThoseOfTheDescriptorWithTheLeastLeft() {
    OpenDoor door = doorWithHeaders();
    assertThat(
            headers(
                door, descriptor("user", "1"), descriptor("plan", "x"), descriptor("free", "x")))
        .containsExactly("RateLimit-Limit: 3", "RateLimit-Remaining: 2", "RateLimit-Reset: 3588");
    assertThat(headers(door, descriptor("user", "1"), descriptor("nobody", "x")))
        .containsExactly("RateLimit-Limit: 5", "RateLimit-Remaining: 3", "RateLimit-Reset: 48");
    assertThat(headers(door, descriptor("free", "x"), descriptor("nobody", "x"))).isEmpty();
  }

  @Test
  void headersOfADenialAreThoseOfWhatDenies() {
    OpenDoor door = doorWithHeaders();
    door.ask("api", hits("bucket", 11), hits("quota", 1));
    // The exhausted quota has less, but is not why.
    assertThat(headers(door, hits("bucket", 2), hits("quota", 1), descriptor("user", "1")))
        .containsExactly("RateLimit-Limit: 6", "RateLimit-Remaining: 1", "RateLimit-Reset: 10");
  }

  @Test
  void numbersOfHeadersHaveNoSign() {
    assertThat(headers(doorWithHeaders(), descriptor("huge", "x")))
        .containsExactly(
            "RateLimit-Limit: 4294967295",
            "RateLimit-Remaining: 4294967294",
            "RateLimit-Reset: 86388");
  }

  private static List<String> headers(OpenDoor door, RateLimitDescriptor... descriptors) {
    return door.ask("api", descriptors).getResponseHeadersToAddList().stream()
        .map(EnvoyDoorTest::text)
        .toList();
  }

  private static String text(HeaderValue header) {
    return header.getKey() + ": " + header.getValue();
  }

  @Test
  void whatWasNotJudgedHasTheVerdictOfItsRuleAndNoNumbers() {
    RuleSet rules =
        RuleSet.of(DomainRules.of("api", Descriptor.key("user").limit(RuleLimit.perMinute(5))));
    for (Verdict verdict : Verdict.values()) {
      OpenDoor door =
          opened(
              OpenDoor.to(
                  new RuleBasedRateLimiter(() -> rules, new Away(verdict), clock),
                  OpenDoor.settings().withResponseHeaders()));
      Code code = verdict == Verdict.ALLOW ? Code.OK : Code.OVER_LIMIT;
      assertThat(door.ask("api", descriptor("user", "1"), descriptor("nobody", "x")))
          .isEqualTo(
              RateLimitResponse.newBuilder()
                  .setOverallCode(code)
                  .addStatuses(DescriptorStatus.newBuilder().setCode(code))
                  .addStatuses(DescriptorStatus.newBuilder().setCode(Code.OK))
                  .build());
    }
  }

  @Test
  void eachDecisionIsToldUnderANameOfItsOwn() {
    OpenDoor door = door();
    door.ask("api", descriptor("user", "1"), descriptor("plan", "x"));
    door.ask("api", hits("plan", 4));
    door.ask("elsewhere", descriptor("user", "1"));
    door.ask("api", descriptor("user", "x".repeat(70_000)));
    assertThat(door.decided())
        .extracting(told -> told.domain() + " " + told.decision().reason())
        .containsExactly(
            "api WITHIN_LIMIT", "api NEVER_FITS", "elsewhere NO_RULE", "api INVALID_REQUEST");
    assertThat(door.decided().get(0).decision().statuses()).hasSize(2);
    assertThat(door.decided())
        .extracting(DecidedRequest::requestId)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.startsWith("envoy-"));
  }

  @Test
  void aRequestThatEnvoyWasToldToNameKeepsItsName() {
    OpenDoor door = door();
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "r-1");
    RateLimitRequest request = request("api", descriptor("user", "1"));

    OpenDoor.stub(door.channel())
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .shouldRateLimit(request);
    door.ask(request);

    assertThat(door.decided().get(0).requestId()).isEqualTo("r-1");
    assertThat(door.decided().get(1).requestId()).startsWith("envoy-");
  }

  @Test
  void aRequestWithALongNameIsJudged() {
    OpenDoor door = door();
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(60 * 1024));

    RateLimitResponse answer =
        OpenDoor.stub(door.channel())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .shouldRateLimit(request("api", hits("plan", 4)));

    assertThat(answer.getOverallCode()).isEqualTo(Code.OVER_LIMIT);
  }

  @Test
  void manyLongDescriptorsAreJudged() {
    RateLimitDescriptor[] descriptors = new RateLimitDescriptor[64];
    for (int i = 0; i < descriptors.length - 1; i++) {
      descriptors[i] = descriptor("nobody", i + "x".repeat(65_500));
    }
    descriptors[63] = hits("plan", 4);

    assertThat(door().ask("api", descriptors).getOverallCode()).isEqualTo(Code.OVER_LIMIT);
  }

  /** A backend that cannot be asked. */
  private record Away(Verdict verdict) implements LimitBackend {
    @Override
    public Decision judge(Match match, long cost) {
      return Decision.unjudged(match, verdict, "away", OpenDoor.START);
    }

    @Override
    public Decision refund(Match match, long cost, long chargedAtMillis) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Decision reset(Match match) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static RateLimitDescriptor hits(String key, long hits) {
    return descriptor(key, "x").toBuilder().setHitsAddend(UInt64Value.of(hits)).build();
  }

  private OpenDoor door() {
    return opened(OpenDoor.to(OpenDoor.limiter(clock, RULES)));
  }

  private OpenDoor doorWithHeaders() {
    return opened(
        OpenDoor.to(OpenDoor.limiter(clock, RULES), OpenDoor.settings().withResponseHeaders()));
  }

  private OpenDoor opened(OpenDoor door) {
    open.add(door);
    return door;
  }
}
