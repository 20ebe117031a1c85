package io.weir.streams.cli.topics;

import io.weir.streams.cli.CommandFailure;
import io.weir.streams.config.FileFaults;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.TopicConfig;
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

/**
 * Reads topics from a YAML file of Jikkou resources: documents of kind {@code KafkaTopic}, a {@code
 * KafkaTopicList} with {@code items}, or a plain list of resources.
 */
public final class TopicsFile {
  private static final String API = "kafka.jikkou.io/";
  private static final String BUNDLED = "topics.yml";
  private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,4}");

  private final String name;
  private final List<TopicSpec> topics = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private TopicsFile(String name) {
    this.name = name;
  }

  /**
   * The topics that a file declares.
   *
   * @throws CommandFailure if the file cannot be read or is wrong; the message has file and line
   */
  public static List<TopicSpec> read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new CommandFailure(FileFaults.unreadable(file, e), e);
    }
  }

  /** The topics that the topics.yml declares which Weir ships with. */
  public static List<TopicSpec> bundled() {
    try (@Nullable InputStream in = TopicsFile.class.getResourceAsStream(BUNDLED)) {
      if (in == null) {
        throw new IllegalStateException(BUNDLED + " is missing from the jar of Weir");
      }
      return parse(BUNDLED, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(BUNDLED + " in the jar of Weir cannot be read", e);
    }
  }

  /** The topics of a file, or of the one that Weir ships with. */
  public static List<TopicSpec> readOrBundled(Optional<Path> file) {
    return file.map(TopicsFile::read).orElseGet(TopicsFile::bundled);
  }

  /** The topics that a text declares; the name stands in messages. */
  static List<TopicSpec> parse(String name, String text) {
    return new TopicsFile(name).readAll(text);
  }

  private List<TopicSpec> readAll(String text) {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    try {
      for (Node document : yaml.composeAll(new StringReader(text))) {
        readResource(document);
      }
    } catch (YAMLException e) {
      throw new CommandFailure(FileFaults.notYaml(name, text, e), e);
    }
    if (topics.isEmpty()) {
      throw new CommandFailure(name + ": declares no topic");
    }
    return List.copyOf(topics);
  }

  private void readResource(Node node) {
    if (node instanceof SequenceNode list) {
      list.getValue().forEach(this::readResource);
      return;
    }
    MappingNode resource = mapping(node, "a resource");
    String api = text(resource, "apiVersion");
    if (!api.startsWith(API)) {
      throw wrong(node, "apiVersion is '" + api + "'; it must be " + API + "v1");
    }
    String kind = text(resource, "kind");
    switch (kind) {
      case "KafkaTopic" -> readTopic(resource);
      case "KafkaTopicList" -> readItems(resource);
      default -> throw wrong(node, "kind is '" + kind + "'; it must be KafkaTopic");
    }
  }

  private void readItems(MappingNode list) {
    if (required(list, "items") instanceof SequenceNode items) {
      items.getValue().forEach(item -> readTopic(mapping(item, "an item")));
    } else {
      throw wrong(list, "items must be a list of topics");
    }
  }

  private void readTopic(MappingNode resource) {
    MappingNode metadata = mapping(required(resource, "metadata"), "metadata");
    MappingNode spec = mapping(required(resource, "spec"), "spec");
    String topic = text(metadata, "name");
    if (!names.add(topic)) {
      throw wrong(metadata, "the topic " + topic + " is declared twice");
    }
    topics.add(
        new TopicSpec(topic, count(spec, "partitions"), count(spec, "replicas"), configs(spec)));
  }

  private SortedMap<String, String> configs(MappingNode spec) {
    SortedMap<String, String> configs = new TreeMap<>();
    Optional<Node> given = find(spec, "configs");
    if (given.isPresent()) {
      for (NodeTuple tuple : mapping(given.get(), "configs").getValue()) {
        String config = scalar(tuple.getKeyNode(), "a name of configs");
        String value = scalar(tuple.getValueNode(), "a value of configs");
        if (config.equals(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)
            && !COUNT.matcher(value).matches()) {
          throw wrong(tuple.getValueNode(), config + " is '" + value + "'; it must be 1 or more");
        }
        configs.put(config, value);
      }
    }
    return configs;
  }

  private int count(MappingNode spec, String key) {
    String text = text(spec, key);
    if (!COUNT.matcher(text).matches()) {
      throw wrong(required(spec, key), key + " is '" + text + "'; it must be 1 or more");
    }
    return Integer.parseInt(text);
  }

  private String text(MappingNode mapping, String key) {
    return scalar(required(mapping, key), key);
  }

  private String scalar(Node node, String what) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw wrong(node, what + " must be a plain value");
  }

  private MappingNode mapping(Node node, String what) {
    if (node instanceof MappingNode mapping) {
      return mapping;
    }
    throw wrong(node, what + " must be a mapping");
  }

  private Node required(MappingNode mapping, String key) {
    return find(mapping, key).orElseThrow(() -> wrong(mapping, key + " is missing"));
  }

  private static Optional<Node> find(MappingNode mapping, String key) {
    return mapping.getValue().stream()
        .filter(
            tuple ->
                tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key))
        .map(NodeTuple::getValueNode)
        .findFirst();
  }

  private CommandFailure wrong(Node node, String mistake) {
    return new CommandFailure(name + ":" + (node.getStartMark().getLine() + 1) + ": " + mistake);
  }
}
