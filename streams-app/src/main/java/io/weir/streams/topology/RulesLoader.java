package io.weir.streams.topology;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesException;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.serde.Surroundings;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads records of the rules topic into a {@link RulesView}. Thread-safe if its parts are.
 *
 * <p>A bad record is reported and skipped, and the domain's rules stay as they were: it must stop
 * neither the start nor the judging. Only a restart after the topic was compacted finds no earlier
 * rules, so the report asks for a correction. While the registry is down nobody can tell good from
 * bad, and judging without the rules would let everything through, so this waits.
 *
 * @param serde reads the values
 * @param converter makes rules of them
 * @param metrics counts what is loaded
 * @param registryRetry the pause between attempts to read a record while the registry is down
 */
public record RulesLoader(
    Serde<io.weir.schemas.DomainRules> serde,
    RulesConverter converter,
    RulesMetrics metrics,
    RetryPause registryRetry) {
  private static final Logger LOG = LoggerFactory.getLogger(RulesLoader.class);

  /** Of a domain, and of a reason, in what health says; the log has all of it. */
  private static final int MOST_CHARS = 300;

  /**
   * Loads one record.
   *
   * @param view where the rules go
   * @return whether it was good
   */
  public boolean load(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, RulesView view) {
    try {
      loadGood(record, view);
      metrics.loaded();
      return true;
    } catch (RulesException e) {
      metrics.rejected();
      tell(record, e, view);
      LOG.error(
          "The rules record at {}-{} offset {} is skipped: {}. The domain's rules stay as they were,"
              + " but an instance that starts once the topic was compacted has none; apply correct"
              + " rules.",
          record.topic(),
          record.partition(),
          record.offset(),
          String.join("; ", e.problems()));
      return false;
    }
  }

  /** A record that is nobody's leaves no rules behind the newest. */
  private static void tell(
      ConsumerRecord<byte @Nullable [], byte @Nullable []> record,
      RulesException why,
      RulesView view) {
    String domain;
    try {
      domain = RulesConverter.domainOf(record.key());
    } catch (RulesException e) {
      return;
    }
    int more = why.problems().size() - 1;
    view.skip(
        domain,
        "the record of the domain %s at %s-%d offset %d was skipped: %s%s"
            .formatted(
                RequestBounds.cut(domain, MOST_CHARS),
                record.topic(),
                record.partition(),
                record.offset(),
                RequestBounds.cut(why.problems().get(0), MOST_CHARS),
                more == 0 ? "" : " (and " + more + " more; the log has them)"));
  }

  private void loadGood(
      ConsumerRecord<byte @Nullable [], byte @Nullable []> record, RulesView view) {
    String domain = RulesConverter.domainOf(record.key());
    if (record.value() == null) {
      view.remove(domain);
      LOG.info("Domain {}: rules deleted", domain);
      return;
    }
    DomainRules rules = converter.inForce(domain, decode(record), record.offset());
    view.put(rules);
    LOG.info("Domain {}: rules of revision {} are in force", domain, record.offset());
  }

  private io.weir.schemas.@Nullable DomainRules decode(
      ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
    for (int attempt = 1; ; attempt++) {
      try {
        return serde.deserializer().deserialize(record.topic(), record.headers(), record.value());
      } catch (RuntimeException e) {
        if (Surroundings.areInnocentOf(e)) {
          throw new RulesException("its value cannot be read: " + e.getMessage());
        }
        registryRetry.pause(attempt);
        LOG.warn(
            "The rules record at {}-{} offset {} could not be read, trying again: {}",
            record.topic(),
            record.partition(),
            record.offset(),
            e.getMessage());
      }
    }
  }
}
