package io.weir.streams.app;

import io.weir.streams.query.HttpSettings;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Settings of the application as a process.
 *
 * @param http settings of its HTTP door
 * @param advertised the address under which other instances reach the door; empty for the address
 *     that it listens on, or this machine's name where that is every address
 * @param maxThreadFailures failed threads that are replaced inside the window, 0 or more
 * @param threadFailureWindow the window over which failed threads are counted
 * @param startTimeout the longest wait for the brokers to describe the topics
 * @param stopTimeout the longest wait for a clean stop
 */
public record ApplicationSettings(
    HttpSettings http,
    Optional<HostInfo> advertised,
    int maxThreadFailures,
    Duration threadFailureWindow,
    Duration startTimeout,
    Duration stopTimeout) {}
