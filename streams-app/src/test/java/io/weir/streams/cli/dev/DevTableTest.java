package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class DevTableTest {
  private static final String CUT = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final long LATER = Duration.ofSeconds(5).toNanos();

  private final StringWriter out = new StringWriter();

  @Test
  void onATerminalItIsDrawnOverItselfWithLinesCutAtTheEdge() {
    printTwice(true);

    String table = tableText();
    assertThat(out)
        .hasToString(
            CUT
                + table
                + WRAP
                + "\u001b["
                + (DevUser.CAST.size() + 1)
                + "A\u001b[J"
                + CUT
                + table
                + WRAP);
  }

  @Test
  void elsewhereItIsANewBlock() {
    printTwice(false);

    assertThat(out).hasToString(tableText() + tableText());
    assertThat(out.toString()).doesNotContain("\u001b");
  }

  private void printTwice(boolean overwrite) {
    print(new DevTable(DevUser.CAST, overwrite, Ansi.OFF, 0), LATER, 2 * LATER);
  }

  private void print(DevTable table, long... timesNanos) {
    for (long nowNanos : timesNanos) {
      table.printIfDue(new DecisionTally(List.of()), nowNanos, new PrintWriter(out));
    }
  }

  /** What one block is, without escapes. */
  private static String tableText() {
    DevTableTest other = new DevTableTest();
    other.print(new DevTable(DevUser.CAST, false, Ansi.OFF, 0), LATER);
    return other.out.toString();
  }
}
