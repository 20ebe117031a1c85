package io.weir.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The versions that users' topics may hold records of: {@code released/<name>/v<n>.avsc}. */
final class ReleasedSchemas {
  private static final Path ROOT = Path.of("src", "test", "resources", "released");
  private static final Path CHECKSUMS = ROOT.resolve("SHA256SUMS");

  private ReleasedSchemas() {}

  /** One released version. */
  record Version(String path, Schema schema) {}

  /** All released versions of one schema, oldest first. */
  static List<Version> of(String name) throws IOException {
    Path folder = ROOT.resolve(name);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Version> versions = new ArrayList<>();
    for (int n = 1; Files.exists(folder.resolve("v" + n + ".avsc")); n++) {
      Path file = folder.resolve("v" + n + ".avsc");
      versions.add(new Version(relative(file), new Schema.Parser().parse(file.toFile())));
    }
    return List.copyOf(versions);
  }

  static void write(String name, int version, String json) throws IOException {
    Path folder = Files.createDirectories(ROOT.resolve(name));
    Files.writeString(folder.resolve("v" + version + ".avsc"), json + "\n");
  }

  static void noteChecksums() throws IOException {
    StringBuilder lines = new StringBuilder();
    checksums().forEach((path, sum) -> lines.append(sum).append("  ").append(path).append('\n'));
    Files.writeString(CHECKSUMS, lines);
  }

  /** SHA-256 in hex by path, of the files as they are. */
  static Map<String, String> checksums() throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".avsc")).toList()) {
        sums.put(relative(file), sha256(Files.readAllBytes(file)));
      }
    }
    return sums;
  }

  /** SHA-256 in hex by path, as they were noted at the release. */
  static Map<String, String> notedChecksums() throws IOException {
    Map<String, String> sums = new TreeMap<>();
    for (String line : Files.readAllLines(CHECKSUMS)) {
      String[] parts = line.split(" {2}", 2);
      sums.put(parts[1], parts[0]);
    }
    return sums;
  }

  private static String relative(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
