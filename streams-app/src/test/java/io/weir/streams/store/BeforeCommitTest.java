package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

/** That Kafka Streams tells of a commit before it, and lets a processor forward then. */
class BeforeCommitTest {
  /** Forwards nothing by itself. */
  private static final class Holding extends ContextualProcessor<String, String, String, String> {
    private final List<Record<String, String>> held = new ArrayList<>();

    @Override
    public void init(ProcessorContext<String, String> context) {
      super.init(context);
      BeforeCommit beforeCommit = context.getStateStore("before-commit");
      beforeCommit.run(
          context,
          () -> {
            held.forEach(context::forward);
            held.clear();
          });
    }

    @Override
    public void process(Record<String, String> record) {
      held.add(record.withValue(record.value() + " held"));
      held.add(record.withValue(record.value() + " too"));
    }
  }

  @Test
  void whatIsHeldIsForwardedAtTheCommit() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(BeforeCommit.builder("before-commit"));
    builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
        .process(Holding::new, Named.as("holding"), "before-commit")
        .to("out", Produced.with(Serdes.String(), Serdes.String()));
    Topology topology = builder.build();
    try (TopologyTestDriver driver = new TopologyTestDriver(topology, new Properties())) {
      driver
          .createInputTopic("in", new StringSerializer(), new StringSerializer())
          .pipeInput("key", "value");
      assertThat(
              driver
                  .createOutputTopic("out", new StringDeserializer(), new StringDeserializer())
                  .readValuesToList())
          .containsExactly("value held", "value too");
    }
  }
}
