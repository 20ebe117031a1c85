package io.weir.limiter.rule;

import io.weir.limiter.rule.YamlNode.YamlEntry;
import io.weir.limiter.rule.YamlNode.YamlList;
import io.weir.limiter.rule.YamlNode.YamlMap;
import java.util.Locale;
import java.util.Optional;

/**
 * What a rules file says of a descriptor to whoever reads the response: carried, never interpreted.
 * Immutable and thread-safe; equal where the JSON text is.
 */
public final class Metadata {
  private static final String EMPTY = "{}";

  private final String json;

  private Metadata(String json) {
    this.json = json;
  }

  /**
   * Metadata of a JSON object.
   *
   * @throws RulesException if the text is no JSON object
   */
  public static Metadata ofJson(String json) {
    Problems problems = new Problems();
    Optional<YamlNode> node = new YamlLoader("metadata", problems).load(json);
    problems.throwIfAny();
    if (node.orElseThrow() instanceof YamlMap map) {
      return of(map);
    }
    throw new RulesException(
        "metadata:1: the text must be a JSON object, such as {\"tier\":\"gold\"}");
  }

  /**
   * Metadata of a YAML mapping.
   *
   * @throws RulesException if it holds a number that JSON has no way to write
   */
  static Metadata of(YamlMap map) {
    StringBuilder json = new StringBuilder();
    append(map, json);
    return new Metadata(json.toString());
  }

  /** The metadata as a JSON object, in file order and without spaces. */
  public String json() {
    return json;
  }

  boolean isEmpty() {
    return json.equals(EMPTY);
  }

  private static void append(YamlNode node, StringBuilder json) {
    if (node instanceof YamlMap map) {
      json.append('{');
      String separator = "";
      for (YamlEntry entry : map.entries()) {
        json.append(separator);
        appendString(entry.key().toString(), json);
        json.append(':');
        append(entry.value(), json);
        separator = ",";
      }
      json.append('}');
    } else if (node instanceof YamlList list) {
      json.append('[');
      String separator = "";
      for (YamlNode item : list.items()) {
        json.append(separator);
        append(item, json);
        separator = ",";
      }
      json.append(']');
    } else {
      appendScalar((YamlScalar) node, json);
    }
  }

  private static void appendScalar(YamlScalar scalar, StringBuilder json) {
    switch (scalar.type()) {
      case STRING -> appendString(scalar.text(), json);
      case INTEGER -> json.append(scalar.integer());
      case BOOLEAN -> json.append(scalar.isTrue());
      case NULL -> json.append("null");
      default -> {
        if (Double.isNaN(scalar.number())) {
          throw new RulesException("JSON has no number " + scalar.text() + "; quote it");
        }
        json.append(scalar.number());
      }
    }
  }

  /** Writes a JSON string in which nothing stands that YAML would not take. */
  static void appendString(String text, StringBuilder json) {
    json.append('"');
    text.codePoints()
        .forEach(
            each -> {
              switch (each) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                  if (isPlain(each)) {
                    json.appendCodePoint(each);
                  } else {
                    json.append(String.format(Locale.ROOT, "\\u%04x", each));
                  }
                }
              }
            });
    json.append('"');
  }

  /** Code points above the first plane are all plain, so that four digits do for the others. */
  private static boolean isPlain(int codePoint) {
    return (codePoint >= 0x20 && codePoint < 0x7F)
        || (codePoint >= 0xA0 && codePoint < 0xD800 && codePoint != 0x2028 && codePoint != 0x2029)
        || (codePoint >= 0xE000 && codePoint < 0xFFFE && codePoint != 0xFEFF)
        || codePoint > 0xFFFF;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Metadata that && json.equals(that.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  @Override
  public String toString() {
    return json;
  }
}
