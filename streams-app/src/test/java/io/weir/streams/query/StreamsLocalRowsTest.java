package io.weir.streams.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.QueryResult;
import org.junit.jupiter.api.Test;

class StreamsLocalRowsTest {
  private static final String ABSENT = "partition 3 of the state is not on this instance";

  @Test
  void whatWasFoundIsTheAnswer() {
    assertThat(
            StreamsLocalRows.<String>resultOf(
                3, State.RUNNING, Optional.of(QueryResult.forResult("row"))))
        .isEqualTo("row");
  }

  @Test
  void stateThatIsAbsentThoughNothingMovesMayBeAtAnotherInstanceWithThisAddress() {
    for (FailureReason reason :
        new FailureReason[] {FailureReason.NOT_PRESENT, FailureReason.NOT_ACTIVE}) {
      Optional<QueryResult<String>> answer = Optional.of(QueryResult.forFailure(reason, "absent"));
      assertThatThrownBy(() -> StreamsLocalRows.resultOf(3, State.RUNNING, answer))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining(ABSENT)
          .hasMessageContaining("set http.advertised");
      assertThatThrownBy(() -> StreamsLocalRows.resultOf(3, State.REBALANCING, answer))
          .hasMessage(ABSENT + " at the moment");
    }
    assertThatThrownBy(() -> StreamsLocalRows.resultOf(3, State.RUNNING, Optional.empty()))
        .hasMessageContaining("set http.advertised");
  }
}
