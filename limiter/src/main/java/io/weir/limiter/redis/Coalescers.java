package io.weir.limiter.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A {@link Coalescer} for each slot that is asked for. Thread-safe. */
final class Coalescers {
  private final Slots slots;
  private final Supplier<Coalescer> factory;
  private final Map<Integer, Coalescer> bySlot = new ConcurrentHashMap<>();

  Coalescers(Slots slots, Supplier<Coalescer> factory) {
    this.slots = slots;
    this.factory = factory;
  }

  /** Asks; the answer comes later. What is asked is about identifiers of one slot. */
  void ask(Waiting waiting) {
    int slot = slots.of(waiting.ask().identifiers().get(0));
    Coalescer known = bySlot.get(slot);
    Coalescer coalescer =
        known == null ? bySlot.computeIfAbsent(slot, unused -> factory.get()) : known;
    coalescer.ask(waiting);
  }
}
