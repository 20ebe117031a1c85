package io.weir.benchmarks.pipeline;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far a consumer group has committed. */
final class GroupProgress {
  private final Admin admin;
  private final String group;
  private final String topic;

  /**
   * The progress of a group.
   *
   * @param topic the topic whose records are counted
   */
  GroupProgress(Admin admin, String group, String topic) {
    this.admin = admin;
    this.group = group;
    this.topic = topic;
  }

  /**
   * Whether so many records of the topic are committed, and everything that is on topics which the
   * group has committed anything of: those it re-keys through.
   */
  boolean isThrough(long records) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        Futures.get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    long ofTopic =
        committed.entrySet().stream()
            .filter(entry -> entry.getKey().topic().equals(topic))
            .mapToLong(entry -> entry.getValue().offset())
            .sum();
    if (ofTopic < records) {
      return false;
    }
    Map<TopicPartition, OffsetAndMetadata> others = new HashMap<>(committed);
    others.keySet().removeIf(partition -> partition.topic().equals(topic));
    return others.isEmpty() || areAtTheEnd(others);
  }

  /** Forgets what is committed of the topic, so that it is read from its beginning again. */
  void forget(Set<TopicPartition> partitions) {
    Futures.get(admin.deleteConsumerGroupOffsets(group, partitions).all());
  }

  private boolean areAtTheEnd(Map<TopicPartition, OffsetAndMetadata> committed) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    return Futures.get(admin.listOffsets(latest).all()).entrySet().stream()
        .allMatch(
            end -> {
              OffsetAndMetadata offset = committed.get(end.getKey());
              return offset != null && offset.offset() >= end.getValue().offset();
            });
  }
}
