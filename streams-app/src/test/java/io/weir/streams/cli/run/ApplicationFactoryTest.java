package io.weir.streams.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.config.SettingsLoader;
import io.weir.streams.topology.TopologySettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApplicationFactoryTest {

  /** TopicsFileTest holds the topics of the settings to those that topics.yml declares. */
  @Test
  void theDefaultsOfTheTopologyAreThoseOfTheSettings() {
    int maxDeadLetterBytes = TopologySettings.DEFAULT.maxDeadLetterBytes();

    assertThat(
            ApplicationFactory.topologySettings(SettingsLoader.of(Map.of()), 6, maxDeadLetterBytes))
        .isEqualTo(TopologySettings.DEFAULT);
  }
}
