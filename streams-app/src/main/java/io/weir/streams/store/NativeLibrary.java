package io.weir.streams.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses where RocksDB unpacks its native library. By itself it takes a new file in the system's
 * temporary directory each time, 15 MB that nobody deletes when the process is killed; here it is
 * one file beside the state, which the next start replaces.
 */
public final class NativeLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

  /** RocksDB's own variable for the same purpose; who sets it knows better. */
  private static final String ROCKSDB_VARIABLE = "ROCKSDB_SHAREDLIB_DIR";

  private NativeLibrary() {}

  /**
   * Unpacks and loads the library, unless this process has done so already. Where that is not
   * possible, for instance because nothing may be executed there, RocksDB does it in its own way.
   *
   * @param directory of this process alone
   */
  public static void loadIn(Path directory) {
    if (System.getenv(ROCKSDB_VARIABLE) != null) {
      return;
    }
    try {
      Files.createDirectories(directory);
      NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      LOG.debug("RocksDB's library cannot be loaded in {}", directory, e);
    }
  }
}
