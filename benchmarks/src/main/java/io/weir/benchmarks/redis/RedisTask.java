package io.weir.benchmarks.redis;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a worker can be told to do: a JSON object on a line of its standard input. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "task")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RedisTask.Connect.class, name = "connect"),
  @JsonSubTypes.Type(value = RedisTask.Loop.class, name = "loop"),
  @JsonSubTypes.Type(value = RedisTask.Pace.class, name = "pace"),
  @JsonSubTypes.Type(value = RedisTask.Weigh.class, name = "weigh")
})
sealed interface RedisTask {

  /** Be that competitor from now on. */
  record Connect(Competitor competitor, String uri) implements RedisTask {}

  /** Check as fast as it goes: each thread as soon as it has its answer. A {@link LoopResult}. */
  record Loop(int callers, long millis, long seed) implements RedisTask {}

  /** Check at a fixed rate, whatever becomes of it. The result is a {@link PaceResult}. */
  record Pace(int perSecond, long millis, long seed) implements RedisTask {}

  /** Check once and ask Redis what the key takes: a {@link KeyMemory}. */
  record Weigh(String uri) implements RedisTask {}
}
