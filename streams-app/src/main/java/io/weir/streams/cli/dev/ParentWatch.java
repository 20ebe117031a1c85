package io.weir.streams.cli.dev;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The main class of a child process: runs another main class, and ends the process when its parent
 * is gone. The parent holds the other end of standard input and never writes; the operating system
 * closes it when the parent dies, be it by {@code kill -9}, and then nobody else is left to delete
 * the child's files. A child that is stopped (SIGSTOP) at that moment notices when it is continued.
 *
 * <p>The parent copies this one class file beside the child's own jars, so it must need no other.
 */
public final class ParentWatch {
  private ParentWatch() {}

  /**
   * Runs a main class.
   *
   * @param args the directory to delete when the parent is gone, the main class, its arguments
   * @throws ReflectiveOperationException if there is no such main class, or it fails
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    Path directory = Path.of(args[0]);
    Thread watch = new Thread(() -> endWithParent(directory), "parent-watch");
    watch.setDaemon(true);
    watch.start();
    Class.forName(args[1])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
  }

  private static void endWithParent(Path directory) {
    try {
      while (System.in.read() >= 0) {
        // The parent never writes; what else may come is of no interest.
      }
    } catch (IOException e) {
      // As good as the end of the input.
    }
    deleteOnceThisProcessIsGone(directory);
    Runtime.getRuntime().halt(1);
  }

  /**
   * The program goes on writing until the halt, so another process deletes: it waits for the end of
   * its input, whose other end this one holds and never closes.
   */
  private static void deleteOnceThisProcessIsGone(Path directory) {
    try {
      new ProcessBuilder("/bin/sh", "-c", "cat; exec rm -rf \"$1\"", "sh", directory.toString())
          .directory(Path.of("/").toFile())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      // Nobody is left to be told; the files stay where the system puts what is temporary.
    }
  }
}
