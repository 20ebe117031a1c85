package io.weir.streams.testkit;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Tests rules: given rules, requests at chosen times get decisions, from the real topology and with
 * no broker.
 *
 * <pre>{@code
 * try (WeirTestKit weir = WeirTestKit.given(Path.of("rules.yaml"))) {
 *   weir.request(user("42"), endpoint("/login")).isAllowed().hasRemaining(4);
 *   weir.after(Duration.ofSeconds(1)).request(user("42"), cost(5)).isDenied();
 * }
 * }</pre>
 *
 * <p>Time stands still until it is set; it begins at {@link WeirDriver#START}, the start of a year.
 * For one thread.
 */
public final class WeirTestKit implements AutoCloseable {
  private final WeirDriver driver;
  private final RulesReader reader;
  private String domain;
  private Instant time = WeirDriver.START;
  private int requests;

  private WeirTestKit(WeirDriver driver, RulesReader reader, List<DomainRules> rules) {
    this.driver = driver;
    this.reader = reader;
    this.domain = rules.get(0).domain();
    rules.forEach(driver::rules);
  }

  /**
   * Rules of a file.
   *
   * @throws io.weir.limiter.rule.RulesException if they make no sense
   */
  public static WeirTestKit given(Path rulesFile) {
    return given(RulesReader.standard().read(rulesFile));
  }

  /**
   * Rules as YAML.
   *
   * @throws io.weir.limiter.rule.RulesException if they make no sense
   */
  public static WeirTestKit given(String yaml) {
    return given(RulesReader.standard().read("rules.yaml", yaml));
  }

  /** Rules given in code; requests name the domain of the first ones unless they say another. */
  public static WeirTestKit given(DomainRules first, DomainRules... more) {
    return with(setup -> setup).given(first, more);
  }

  /** A kit that is set up differently: other settings, algorithms of your own. */
  public static Prepared with(UnaryOperator<WeirDriver.Setup> change) {
    return new Prepared(change);
  }

  /** A kit without rules yet. */
  public static final class Prepared {
    private final UnaryOperator<WeirDriver.Setup> change;

    private Prepared(UnaryOperator<WeirDriver.Setup> change) {
      this.change = change;
    }

    /** As {@link WeirTestKit#given(String)}. */
    public WeirTestKit given(String yaml) {
      WeirDriver driver = WeirDriver.open(change);
      Algorithms algorithms = driver.setup().algorithms();
      return open(driver, List.of(new RulesReader(algorithms).read("rules.yaml", yaml)));
    }

    /** As {@link WeirTestKit#given(DomainRules, DomainRules...)}. */
    public WeirTestKit given(DomainRules first, DomainRules... more) {
      List<DomainRules> rules = new ArrayList<>(List.of(more));
      rules.add(0, first);
      return open(WeirDriver.open(change), rules);
    }

    private static WeirTestKit open(WeirDriver driver, List<DomainRules> rules) {
      return new WeirTestKit(driver, new RulesReader(driver.setup().algorithms()), rules);
    }
  }

  /** Sets the time; an earlier one than before makes late requests. */
  public WeirTestKit at(Instant newTime) {
    time = newTime;
    driver.wallClock(newTime);
    return this;
  }

  /** Sets the time, counted from {@link WeirDriver#START}. */
  public WeirTestKit at(Duration sinceStart) {
    return at(WeirDriver.START.plus(sinceStart));
  }

  /** Lets time pass. */
  public WeirTestKit after(Duration duration) {
    return at(time.plus(duration));
  }

  /** Changes the domain of the requests that name none. */
  public WeirTestKit inDomain(String newDomain) {
    domain = newDomain;
    return this;
  }

  /** Exchanges the rules of a domain, as {@code ./weir rules apply} does. */
  public WeirTestKit apply(String yaml) {
    return apply(reader.read("rules.yaml", yaml));
  }

  /** Exchanges the rules of a domain. */
  public WeirTestKit apply(DomainRules rules) {
    driver.rules(rules);
    return this;
  }

  /** Deletes the rules of a domain. */
  public WeirTestKit deleteRules(String ofDomain) {
    driver.deleteRules(ofDomain);
    return this;
  }

  /** Sends a request now and gives what was decided. */
  public Answer request(RequestPart... parts) {
    return send(Operation.CHECK, parts);
  }

  /** Asks now what a request of cost 1 would get, and takes nothing. */
  public Answer peek(RequestPart... parts) {
    return send(Operation.PEEK, parts);
  }

  /**
   * Gives tokens back now that a request took, and tells how its limits stand afterwards.
   *
   * @param charged the answer to that request, which tells when it was charged
   * @param parts whose tokens, as in the request, and how many: 1 where nothing is said
   */
  public Answer refund(Answer charged, RequestPart... parts) {
    return send(Operation.REFUND, charged.decision().getEvaluationTime(), parts);
  }

  /** Forgets now what the identifiers have used that are named, such as a user. */
  public Answer reset(RequestPart... parts) {
    return send(Operation.RESET, parts);
  }

  /** The level below, for what this one does not offer. */
  public WeirDriver driver() {
    return driver;
  }

  @Override
  public void close() {
    driver.close();
  }

  private Answer send(Operation operation, RequestPart... parts) {
    return send(operation, null, parts);
  }

  private Answer send(Operation operation, @Nullable Instant chargedAt, RequestPart... parts) {
    Map<String, String> attributes = new TreeMap<>();
    long cost = 1;
    String named = domain;
    for (RequestPart part : parts) {
      if (part instanceof RequestPart.Attribute attribute) {
        attributes.put(attribute.key(), attribute.value());
      } else if (part instanceof RequestPart.Cost given) {
        cost = given.tokens();
      } else if (part instanceof RequestPart.Domain given) {
        named = given.name();
      }
    }
    requests++;
    String id = "request-" + requests;
    RequestEvent event = new RequestEvent(id, named, attributes, cost, operation, chargedAt);
    driver.request(event, time);
    String shown = "%s %s %s, cost %d, at %s".formatted(operation, named, attributes, cost, time);
    return new Answer(shown, onlyDecision(shown, driver.decisions()));
  }

  private static Decision onlyDecision(String request, List<TestRecord<String, Decision>> records) {
    if (records.size() != 1) {
      throw new AssertionError(
          "expected one decision, but there are " + records.size() + "\n  request   " + request);
    }
    return records.get(0).value();
  }
}
