package io.weir.streams.cli.schemas;

import io.weir.schemas.Decision;
import io.weir.schemas.DomainRules;
import io.weir.schemas.HoldRelease;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.LimitCheck;
import io.weir.schemas.PendingJoin;
import io.weir.schemas.RequestChecks;
import io.weir.schemas.RequestEvent;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.serde.RegisteredForm;
import io.weir.streams.topology.TopologyNames;
import java.util.List;
import org.apache.avro.Schema;

/**
 * A schema of Weir's, and the subject that Weir looks for it under.
 *
 * @param subject the name of the topic and {@code -value}
 * @param schema the schema as it is registered
 */
record OwnSchema(String subject, Schema schema) {

  /**
   * All of them, whatever of Weir is in use: a registry that has forgotten everything numbers
   * schemas in the order in which they come, so they come in one order, to be what they were.
   */
  static List<OwnSchema> all(Settings settings) {
    String application = settings.get(WeirSettings.APPLICATION_ID);
    return List.of(
        of(settings.get(WeirSettings.TOPIC_REQUESTS), RequestEvent.getClassSchema()),
        of(settings.get(WeirSettings.TOPIC_DECISIONS), Decision.getClassSchema()),
        of(settings.get(WeirSettings.TOPIC_RULES), DomainRules.getClassSchema()),
        of(settings.get(WeirSettings.TOPIC_RELEASES), HoldRelease.getClassSchema()),
        of(TopologyNames.checksTopic(application), LimitCheck.getClassSchema()),
        of(TopologyNames.requestChecksTopic(application), RequestChecks.getClassSchema()),
        of(TopologyNames.answersTopic(application), LimitAnswer.getClassSchema()),
        of(TopologyNames.joinsChangelog(application), PendingJoin.getClassSchema()));
  }

  private static OwnSchema of(String topic, Schema generated) {
    return new OwnSchema(topic + "-value", RegisteredForm.of(generated));
  }
}
