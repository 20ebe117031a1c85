package io.weir.limiter;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs while this is open, instead of on the console. Thread-safe. */
public final class LogLines implements AutoCloseable {
  private final Logger logger;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          records.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private LogLines(Logger logger) {
    this.logger = logger;
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  /** Begins to collect what a class logs. */
  public static LogLines of(Class<?> type) {
    return new LogLines(Logger.getLogger(type.getName()));
  }

  /** What was logged until now. */
  public List<LogRecord> records() {
    return records;
  }

  /** The messages of what was logged until now. */
  public List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }
}
