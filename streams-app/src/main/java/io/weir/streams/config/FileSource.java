package io.weir.streams.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads settings from a YAML file. Names may be nested or dotted or both, so {@code http.port: 1}
 * and {@code http: {port: 1}} are the same; a list of scalars is the text with commas.
 */
final class FileSource {
  private static final int DEEPEST = 32;

  private final Path file;
  private final List<GivenSetting> given = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();
  private final Remarks mistakes;

  private FileSource(Path file, Remarks mistakes) {
    this.file = file;
    this.mistakes = mistakes;
  }

  /**
   * What the file sets.
   *
   * @param mistakes gets a remark for each place that is no setting
   * @throws SettingsException if the file cannot be read or is no YAML
   */
  static List<GivenSetting> read(Path file, Remarks mistakes) {
    FileSource source = new FileSource(file, mistakes);
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new SettingsException(FileFaults.unreadable(file, e), e);
    }
    try {
      @Nullable Node root =
          new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
      if (root != null) {
        source.readRoot(root);
      }
    } catch (YAMLException e) {
      throw new SettingsException(FileFaults.notYaml(file.toString(), text, e), e);
    }
    return source.given;
  }

  private void readRoot(Node root) {
    if (root instanceof MappingNode mapping) {
      readMapping("", mapping, 0);
    } else if (!root.getTag().equals(Tag.NULL)) {
      mistakes.add(at(root), "settings are written as \"name: value\"");
    }
  }

  private void readMapping(String prefix, MappingNode mapping, int depth) {
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key && depth < DEEPEST) {
        readEntry(prefix + key.getValue().strip(), key, tuple.getValueNode(), depth);
      } else {
        mistakes.add(at(tuple.getKeyNode()), "a setting's name is a dotted word");
      }
    }
  }

  private void readEntry(String name, Node key, Node value, int depth) {
    if (value instanceof MappingNode mapping) {
      readMapping(name + ".", mapping, depth + 1);
    } else if (value instanceof SequenceNode sequence) {
      readList(name, key, sequence);
    } else if (value.getTag().equals(Tag.NULL)) {
      mistakes.add(at(key), name + " has no value; leave the line out, or write \"\"");
    } else if (value instanceof ScalarNode scalar) {
      add(name, key, scalar.getValue());
    }
  }

  private void readList(String name, Node key, SequenceNode sequence) {
    StringJoiner text = new StringJoiner(",");
    for (Node element : sequence.getValue()) {
      if (element instanceof ScalarNode scalar) {
        text.add(scalar.getValue());
      } else {
        mistakes.add(at(element), name + " is a list of something other than words");
        return;
      }
    }
    add(name, key, text.toString());
  }

  private void add(String name, Node key, String value) {
    int line = key.getStartMark().getLine() + 1;
    @Nullable Integer earlier = lines.putIfAbsent(name, line);
    if (earlier == null) {
      given.add(new GivenSetting(name, value, at(key)));
    } else {
      mistakes.add(at(key), name + " is set in line " + earlier + " already");
    }
  }

  private Origin at(Node node) {
    return Origin.file(file, node.getStartMark().getLine() + 1);
  }
}
