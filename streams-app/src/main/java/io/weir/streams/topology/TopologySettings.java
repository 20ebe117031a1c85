package io.weir.streams.topology;

import io.weir.streams.store.DuplicateBounds;
import io.weir.streams.store.ExpirySettings;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What can be set about the topology. Immutable.
 *
 * @param topics names of the topics
 * @param input how the requests topic is keyed
 * @param lateness how far behind stream time a request is still judged at its own time; an older
 *     one is judged at stream time less this
 * @param futureTolerance how far ahead of the wall clock a record's timestamp may be
 * @param expiry how much expiry may do at a time
 * @param store where rows are kept beside the changelog
 * @param cacheBytes memory on the heap for rows in use, of all partitions together; 0 for none
 * @param holds how requests with several identifiers wait for all of their answers
 * @param staleRequests which requests are too old to be judged; empty where none is
 * @param duplicates for how long decisions are remembered for requests that come again; empty where
 *     they are not
 * @param maxDeadLetterBytes the largest dead letter; of a larger one the value is left out
 */
public record TopologySettings(
    TopologyTopics topics,
    InputKeying input,
    Duration lateness,
    Duration futureTolerance,
    ExpirySettings expiry,
    StoreKind store,
    long cacheBytes,
    HoldSettings holds,
    Optional<StaleRequests> staleRequests,
    Optional<DuplicateBounds> duplicates,
    int maxDeadLetterBytes) {

  /** Where rows are kept beside the changelog. */
  public enum StoreKind {
    /** On disk. */
    ROCKS_DB,
    /** In memory, for tests. */
    MEMORY
  }

  /** The defaults of the settings table. */
  public static final TopologySettings DEFAULT =
      new TopologySettings(
          TopologyTopics.DEFAULT,
          new InputKeying.Any(OptionalInt.empty()),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          ExpirySettings.DEFAULT,
          StoreKind.ROCKS_DB,
          64L * 1024 * 1024,
          HoldSettings.DEFAULT,
          Optional.empty(),
          Optional.empty(),
          1_000_000);

  /** Below this a dead letter could not hold its own headers. */
  public static final int LEAST_DEAD_LETTER_BYTES = 16 * 1024;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a number is below 0 or dead letters are too small
   */
  public TopologySettings {
    if (lateness.isNegative()) {
      throw new IllegalArgumentException("lateness is " + lateness + "; it must be 0 or more");
    }
    if (futureTolerance.isNegative()) {
      throw new IllegalArgumentException(
          "the tolerance for timestamps ahead of the clock is "
              + futureTolerance
              + "; it must be 0 or more");
    }
    if (cacheBytes < 0) {
      throw new IllegalArgumentException("the cache's bytes are " + cacheBytes + "; 0 is none");
    }
    if (maxDeadLetterBytes < LEAST_DEAD_LETTER_BYTES) {
      throw new IllegalArgumentException(
          "dead letters may take "
              + maxDeadLetterBytes
              + " bytes; it must be "
              + LEAST_DEAD_LETTER_BYTES
              + " or more, for their headers");
    }
  }

  /** These settings with other topics. */
  public TopologySettings withTopics(TopologyTopics newTopics) {
    return changed(copy -> copy.topics = newTopics);
  }

  /** These settings with another keying of the input. */
  public TopologySettings withInput(InputKeying newInput) {
    return changed(copy -> copy.input = newInput);
  }

  /** These settings with another lateness. */
  public TopologySettings withLateness(Duration newLateness) {
    return changed(copy -> copy.lateness = newLateness);
  }

  /** These settings with another expiry. */
  public TopologySettings withExpiry(ExpirySettings newExpiry) {
    return changed(copy -> copy.expiry = newExpiry);
  }

  /** These settings with another store. */
  public TopologySettings withStore(StoreKind newStore) {
    return changed(copy -> copy.store = newStore);
  }

  /** These settings with another size of the cache, in bytes. */
  public TopologySettings withCacheBytes(long newCacheBytes) {
    return changed(copy -> copy.cacheBytes = newCacheBytes);
  }

  /** These settings with others of holds. */
  public TopologySettings with(HoldSettings newHolds) {
    return changed(copy -> copy.holds = newHolds);
  }

  /** These settings with an age at which requests are too old to be judged. */
  public TopologySettings with(StaleRequests newStaleRequests) {
    return changed(copy -> copy.staleRequests = Optional.of(newStaleRequests));
  }

  /** These settings with duplicates found. */
  public TopologySettings with(DuplicateBounds newDuplicates) {
    return changed(copy -> copy.duplicates = Optional.of(newDuplicates));
  }

  private TopologySettings changed(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.toSettings();
  }

  /** Settings while one of them is exchanged. */
  private static final class Copy {
    private TopologyTopics topics;
    private InputKeying input;
    private Duration lateness;
    private final Duration futureTolerance;
    private ExpirySettings expiry;
    private StoreKind store;
    private long cacheBytes;
    private HoldSettings holds;
    private Optional<StaleRequests> staleRequests;
    private Optional<DuplicateBounds> duplicates;
    private final int maxDeadLetterBytes;

    private Copy(TopologySettings settings) {
      this.topics = settings.topics;
      this.input = settings.input;
      this.lateness = settings.lateness;
      this.futureTolerance = settings.futureTolerance;
      this.expiry = settings.expiry;
      this.store = settings.store;
      this.cacheBytes = settings.cacheBytes;
      this.holds = settings.holds;
      this.staleRequests = settings.staleRequests;
      this.duplicates = settings.duplicates;
      this.maxDeadLetterBytes = settings.maxDeadLetterBytes;
    }

    private TopologySettings toSettings() {
      return new TopologySettings(
          topics,
          input,
          lateness,
          futureTolerance,
          expiry,
          store,
          cacheBytes,
          holds,
          staleRequests,
          duplicates,
          maxDeadLetterBytes);
    }
  }
}
