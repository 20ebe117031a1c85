package io.weir.benchmarks.harness;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;

/** What a worker says: a JSON object on a line of its standard output. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Reply.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = Reply.Done.class, name = "done"),
  @JsonSubTypes.Type(value = Reply.Failed.class, name = "failed")
})
sealed interface Reply {

  /**
   * The task goes on.
   *
   * @param share how far it is, from 0 to 1
   */
  record Progress(double share) implements Reply {}

  /** The task is done. */
  record Done(JsonNode result) implements Reply {}

  /** The task failed. */
  record Failed(String message) implements Reply {}
}
