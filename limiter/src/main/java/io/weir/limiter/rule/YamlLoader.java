package io.weir.limiter.rule;

import io.weir.limiter.rule.Problems.Phase;
import io.weir.limiter.rule.YamlNode.YamlMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML text into {@link YamlNode}s. Nothing is ever constructed from tags, and size, depth
 * and what aliases may grow to are bounded, so that any text can be read safely.
 */
final class YamlLoader {
  /** The longest text, in characters. */
  static final int MAX_LENGTH = 10 * 1024 * 1024;

  /** The deepest nesting of mappings and sequences; room for {@link DomainRules#MAX_LEVELS}. */
  static final int MAX_DEPTH = 200;

  /** What stands before a key: no tab may. */
  private static final Pattern INDENTATION = Pattern.compile("[ \\t]*([-?][ \\t]+)*[-?]?");

  /** The tag of scalars without quotes and without a tag, until they are typed. */
  static final Tag PLAIN = new Tag("!weir-plain");

  /** Leaves the typing of scalars to {@link YamlScalar}; keeps tags that were written. */
  private static final class NoResolver extends Resolver {
    @Override
    protected void addImplicitResolvers() {}

    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
      return switch (kind) {
        case scalar -> implicit ? PLAIN : Tag.STR;
        case sequence -> Tag.SEQ;
        default -> Tag.MAP;
      };
    }
  }

  private final String file;
  private final Problems problems;

  YamlLoader(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * The text's one document, an empty mapping where it holds none; empty where there is a fault.
   */
  Optional<YamlNode> load(String text) {
    if (text.length() > MAX_LENGTH) {
      problem(1, "the file is longer than " + MAX_LENGTH + " characters");
      return Optional.empty();
    }
    try {
      return composeWithTabs(text);
    } catch (YamlFault e) {
      problem(e.line(), String.valueOf(e.getMessage()));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark().getLine() + 1;
      problem(line, GoYamlWords.describe(e, line));
    } catch (ReaderException e) {
      int line = line(text, e.getPosition());
      problem(line, "control characters are not allowed: the code point " + e.getCodePoint());
    } catch (YAMLException e) {
      problem(1, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /** SnakeYAML refuses tabs between tokens, which YAML and go-yaml allow; each becomes a space. */
  private Optional<YamlNode> composeWithTabs(String text) throws YamlFault {
    StringBuilder spaced = new StringBuilder(text);
    while (true) {
      try {
        return compose(spaced.toString());
      } catch (MarkedYAMLException e) {
        int at = spaced.offsetByCodePoints(0, e.getProblemMark().getIndex());
        if (!isSeparatingTab(spaced, at)) {
          throw e;
        }
        for (int i = at; i < spaced.length() && spaced.charAt(i) == '\t'; i++) {
          spaced.setCharAt(i, ' ');
        }
      }
    }
  }

  /** Whether a tab comes after a token of its line, and not before a key or after a dash. */
  private static boolean isSeparatingTab(CharSequence text, int at) {
    if (at >= text.length() || text.charAt(at) != '\t') {
      return false;
    }
    int start = at;
    while (start > 0 && text.charAt(start - 1) != '\n') {
      start--;
    }
    return !INDENTATION.matcher(text.subSequence(start, at)).matches();
  }

  private Optional<YamlNode> compose(String text) throws YamlFault {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_LENGTH);
    options.setNestingDepthLimit(MAX_DEPTH);
    // YamlConverter bounds what aliases grow to; a mere number of them is no danger.
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    Composer composer =
        new Composer(new ParserImpl(new StreamReader(text), options), new NoResolver(), options);
    if (!composer.checkNode()) {
      return Optional.of(new YamlMap(1, List.of()));
    }
    Node root = composer.getNode();
    refuseSecondDocument(composer);
    YamlConverter converter =
        new YamlConverter(text.length(), (line, what) -> problemAt(line, what));
    YamlNode converted = converter.convert(root);
    boolean empty = converted instanceof YamlScalar scalar && scalar.isNull();
    return Optional.of(empty ? new YamlMap(converted.line(), List.of()) : converted);
  }

  private void refuseSecondDocument(Composer composer) throws YamlFault {
    while (composer.checkNode()) {
      Node next = composer.getNode();
      boolean empty =
          next instanceof ScalarNode scalar
              && scalar.getTag().equals(PLAIN)
              && scalar.getValue().isEmpty();
      if (!empty) {
        throw new YamlFault(
            next.getStartMark().getLine() + 1,
            "a second YAML document begins here; a rules file holds one domain, so split it");
      }
    }
  }

  private static int line(String text, int position) {
    int end = Math.min(position, text.length());
    return 1 + (int) text.substring(0, end).chars().filter(each -> each == '\n').count();
  }

  private void problem(int line, String what) {
    problemAt(line, "error loading config file: yaml: " + what);
  }

  private void problemAt(int line, String what) {
    problems.add(Phase.SYNTAX, file + ":" + line, what);
  }
}
