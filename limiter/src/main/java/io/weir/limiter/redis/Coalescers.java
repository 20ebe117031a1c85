package io.weir.limiter.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** A {@link Coalescer} for each slot that is asked for. Thread-safe. */
final class Coalescers {
  private final Slots slots;
  private final IntFunction<Coalescer> factory;
  private final Map<Integer, Coalescer> bySlot = new ConcurrentHashMap<>();

  Coalescers(Slots slots, IntFunction<Coalescer> factory) {
    this.slots = slots;
    this.factory = factory;
  }

  /** Asks; the answer comes later. What is asked is about identifiers of one slot. */
  void ask(Waiting waiting) {
    int slot = slots.of(waiting.ask().identifiers().get(0));
    Coalescer known = bySlot.get(slot);
    Coalescer coalescer = known == null ? bySlot.computeIfAbsent(slot, factory::apply) : known;
    coalescer.ask(waiting);
  }
}
