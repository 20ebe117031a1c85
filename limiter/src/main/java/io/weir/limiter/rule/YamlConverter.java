package io.weir.limiter.rule;

import io.weir.limiter.rule.YamlNode.YamlEntry;
import io.weir.limiter.rule.YamlNode.YamlList;
import io.weir.limiter.rule.YamlNode.YamlMap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns SnakeYAML's nodes into {@link YamlNode}s: follows aliases, merges merge keys as go-yaml v2
 * does, types scalars. Used once, by one thread.
 */
final class YamlConverter {
  private static final String TAG_PREFIX = "tag:yaml.org,2002:";
  private static final String MERGE = "<<";

  /** Keys whose mappings go-yaml adds to what a merge key brought, instead of replacing it. */
  private static final Set<String> ADDED_TO = Set.of("rate_limit", "metadata");

  /** Takes problems that do not end the reading. */
  @FunctionalInterface
  interface Complaints {
    void add(int line, String what);
  }

  private final Complaints complaints;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Nodes that may still be made. A node that is no alias takes a character at least. */
  private long budget;

  YamlConverter(int textLength, Complaints complaints) {
    this.budget = 10_000 + 10L * textLength;
    this.complaints = complaints;
  }

  YamlNode convert(Node node) throws YamlFault {
    int line = node.getStartMark().getLine() + 1;
    if (--budget < 0) {
      throw new YamlFault(line, "document contains excessive aliasing");
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, line);
    }
    if (!open.add(node)) {
      throw new YamlFault(line, "anchor '" + node.getAnchor() + "' value contains itself");
    }
    if (open.size() > YamlLoader.MAX_DEPTH) {
      throw new YamlFault(line, "nested deeper than " + YamlLoader.MAX_DEPTH + " levels");
    }
    YamlNode converted =
        node instanceof SequenceNode sequence
            ? list(sequence, line)
            : map((MappingNode) node, line);
    open.remove(node);
    return converted;
  }

  private YamlList list(SequenceNode sequence, int line) throws YamlFault {
    List<YamlNode> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(convert(item));
    }
    return new YamlList(line, items);
  }

  private YamlMap map(MappingNode mapping, int line) throws YamlFault {
    Map<String, YamlEntry> entries = new LinkedHashMap<>();
    Map<String, Integer> written = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (isMerge(tuple.getKeyNode())) {
        merge(tuple.getValueNode(), entries);
        continue;
      }
      YamlNode key = convert(tuple.getKeyNode());
      if (!(key instanceof YamlScalar scalar)) {
        throw new YamlFault(key.line(), "invalid map key: " + key);
      }
      Integer first = written.putIfAbsent(scalar.text(), key.line());
      if (first != null) {
        complaints.add(
            key.line(), "the key '" + scalar.text() + "' occurs twice; it is at line " + first);
      }
      put(entries, new YamlEntry(scalar, convert(tuple.getValueNode())));
    }
    return new YamlMap(line, List.copyOf(entries.values()));
  }

  /**
   * Takes over entries from other mappings. In go-yaml v2 whatever comes later wins, even a merge
   * key over the keys written before it; in a list of mappings the earlier ones win.
   */
  private void merge(Node from, Map<String, YamlEntry> entries) throws YamlFault {
    if (from instanceof SequenceNode sequence) {
      List<Node> backwards = new ArrayList<>(sequence.getValue());
      Collections.reverse(backwards);
      for (Node each : backwards) {
        mergeOne(each, entries);
      }
    } else {
      mergeOne(from, entries);
    }
  }

  private void mergeOne(Node from, Map<String, YamlEntry> entries) throws YamlFault {
    if (convert(from) instanceof YamlMap map) {
      map.entries().forEach(entry -> put(entries, entry));
      return;
    }
    throw new YamlFault(
        from.getStartMark().getLine() + 1,
        "map merge requires map or sequence of maps as the value");
  }

  private static void put(Map<String, YamlEntry> entries, YamlEntry entry) {
    String key = entry.key().toString();
    YamlEntry before = entries.get(key);
    if (before != null
        && ADDED_TO.contains(key)
        && before.value() instanceof YamlMap old
        && entry.value() instanceof YamlMap added) {
      Map<String, YamlEntry> both = new LinkedHashMap<>();
      old.entries().forEach(each -> put(both, each));
      added.entries().forEach(each -> put(both, each));
      entries.put(
          key, new YamlEntry(entry.key(), new YamlMap(added.line(), List.copyOf(both.values()))));
      return;
    }
    entries.put(key, entry);
  }

  private static boolean isMerge(Node key) {
    return key instanceof ScalarNode scalar
        && scalar.getValue().equals(MERGE)
        && (scalar.getTag().equals(YamlLoader.PLAIN) || scalar.getTag().equals(Tag.MERGE));
  }

  private static YamlScalar scalar(ScalarNode node, int line) throws YamlFault {
    String text = node.getValue();
    if (node.getTag().equals(YamlLoader.PLAIN)) {
      return new YamlScalar(line, YamlScalar.typeOfPlain(text), text);
    }
    String tag = node.getTag().getValue().replace(TAG_PREFIX, "!!");
    if (tag.equals("!!binary")) {
      return new YamlScalar(line, YamlScalar.Type.STRING, decodeBinary(text, line));
    }
    YamlScalar.Type wanted = YamlScalar.Type.ofTag(tag).orElse(YamlScalar.Type.STRING);
    if (wanted == YamlScalar.Type.STRING) {
      return new YamlScalar(line, YamlScalar.Type.STRING, text);
    }
    YamlScalar plain = new YamlScalar(line, YamlScalar.typeOfPlain(text), text);
    if (plain.type() != wanted
        && !(wanted == YamlScalar.Type.FLOAT && plain.type() == YamlScalar.Type.INTEGER)) {
      throw new YamlFault(
          line, "cannot decode " + plain.tag() + " `" + text + "` as a " + wanted.tag());
    }
    return new YamlScalar(line, wanted, text);
  }

  private static String decodeBinary(String text, int line) throws YamlFault {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.replaceAll("\\s", ""));
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException e) {
      throw new YamlFault(line, "!!binary value contains invalid base64 data");
    } catch (CharacterCodingException e) {
      throw new YamlFault(line, "!!binary value is no UTF-8 text");
    }
  }
}
