package io.weir.streams.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
  private static final Pattern SVG = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);
  private static final int BAR_CHARTS = 5;

  @Test
  void eachContenderHasAPlotAndEachMeasureHasBars() throws Exception {
    String page = HtmlReport.of("heading", List.of(comparison("one"), comparison("two")));
    List<String> plots = SVG.matcher(page).results().map(it -> it.group()).toList();
    assertThat(plots).hasSize(2 * (2 + BAR_CHARTS));
    for (String plot : plots) {
      Document svg = document(plot);
      assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
      assertThat(
              svg.getElementsByTagName("path").getLength()
                  + svg.getElementsByTagName("rect").getLength())
          .isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void linesAndBarsAreAsLongAsTheNumbersSay() throws Exception {
    String page = HtmlReport.of("heading", List.of(comparison("one")));
    Matcher plots = SVG.matcher(page);
    assertThat(plots.find()).isTrue();
    assertThat(plots.group()).contains(">tokens each 1s</text>");
    // Offered 4, 2, 0 and admitted 2, 1, 0 of at most 4, in a room of 94 from 102 up.
    assertThat(plots.group())
        .contains("class=\"offered\" d=\"M40 102 V8.0 H133.3 V55.0 H226.7 V102.0 H320.0 V102 Z\"")
        .contains("class=\"admitted\" d=\"M40 102 V55.0 H133.3 V78.5 H226.7 V102.0 H320.0\"");
    Document worst = bars(page, "Most in any window");
    NodeList rects = worst.getElementsByTagName("rect");
    assertThat(Double.parseDouble(((Element) rects.item(0)).getAttribute("width")))
        .isEqualTo(2 * Double.parseDouble(((Element) rects.item(1)).getAttribute("width")));
    assertThat(worst.getDocumentElement().getTextContent()).contains("2.00 ×", "1.00 ×");
    // The limit is a line where the bar of 1.00 ends.
    assertThat(((Element) worst.getElementsByTagName("path").item(0)).getAttribute("d"))
        .isEqualTo("M250.0 0 V44");
    // 10 ms for half of them of 30 ms at most, in a room of 200: the light part lies behind it.
    Document waits = bars(page, "Wait that denied requests were told");
    assertThat(widths(waits)).containsExactly("rest 200.0", "bar 66.7", "rest 200.0", "bar 66.7");
    assertThat(waits.getDocumentElement().getTextContent()).contains("10ms, 30ms");
  }

  @Test
  void picturesOfAComparisonStandForThemselves() throws Exception {
    Map<String, String> files = Plots.files(List.of(comparison("../my requests.jsonl")));
    assertThat(files)
        .containsOnlyKeys(
            "my-requests-jsonl-over-time.svg",
            "my-requests-jsonl-worst-window.svg",
            "my-requests-jsonl-turn-after.svg",
            "my-requests-jsonl-retry-after.svg",
            "my-requests-jsonl-memory.svg",
            "my-requests-jsonl-check-cost.svg");
    for (String svg : files.values()) {
      Element root = document(svg).getDocumentElement();
      assertThat(root.getNamespaceURI()).isEqualTo("http://www.w3.org/2000/svg");
      assertThat(root.getElementsByTagName("style").getLength()).isEqualTo(1);
      assertThat(root.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
      assertThat(svg.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
          .doesNotContain("http")
          .doesNotContain("<script")
          .doesNotContain("url(");
    }
    Document together =
        document(Objects.requireNonNull(files.get("my-requests-jsonl-over-time.svg")));
    // Each contender in a place of its own, below its name.
    assertThat(together.getElementsByTagName("path").getLength()).isEqualTo(2 * 3);
    assertThat(together.getDocumentElement().getAttribute("width")).isEqualTo("664");
    assertThat(together.getDocumentElement().getTextContent()).contains("first", "second");
  }

  @Test
  void trafficOfOneNameHasFilesOfItsOwn() {
    List<Comparison> alike = List.of(comparison("a/b"), comparison("a-b"), comparison("a.b"));
    assertThat(Plots.files(alike))
        .hasSize(3 * 6)
        .containsKeys("a-b-memory.svg", "a-b-2-memory.svg", "a-b-3-memory.svg");
  }

  @Test
  void whoIsLeftOutIsSaid() {
    assertThat(HtmlReport.of("heading", List.of(comparison("one"))))
        .contains("third is left out: it is too &lt;much&gt;");
  }

  @Test
  void numbersAreTheSameInEachCountry() {
    Locale before = Locale.getDefault();
    String page = HtmlReport.of("heading", List.of(comparison("one")));
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat("%d".formatted(1)).as("what this country writes").isEqualTo("\u0661");
      assertThat(HtmlReport.of("heading", List.of(comparison("one")))).isEqualTo(page);
    } finally {
      Locale.setDefault(before);
    }
  }

  private static List<String> widths(Document bars) {
    NodeList rects = bars.getElementsByTagName("rect");
    return IntStream.range(0, rects.getLength())
        .mapToObj(i -> (Element) rects.item(i))
        .map(rect -> rect.getAttribute("class") + " " + rect.getAttribute("width"))
        .toList();
  }

  private static Document document(String svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void aPageNeedsNothingFromElsewhere() {
    String page = HtmlReport.of("heading", List.of(comparison("one")));
    assertThat(page)
        .doesNotContain("http:")
        .doesNotContain("https:")
        .doesNotContain("<script")
        .doesNotContain("src=")
        .doesNotContain("url(")
        .doesNotContain("@import");
  }

  @Test
  void foreignTextIsNoMarkup() {
    String page = HtmlReport.of("<b>&\"'", List.of(comparison("<img onerror='x'>")));
    assertThat(page)
        .contains("<h1>Weir compare: &lt;b&gt;&amp;&quot;&#39;</h1>")
        .contains("&lt;img onerror=&#39;x&#39;&gt;")
        .doesNotContain("<img")
        .doesNotContain("<b>");
  }

  private static Document bars(String page, String title) throws Exception {
    int start = page.indexOf("<svg", page.indexOf(title));
    return document(page.substring(start, page.indexOf("</svg>", start) + "</svg>".length()));
  }

  private static Comparison comparison(String traffic) {
    return new Comparison(
        traffic,
        "What it shows.",
        new Bins(0, 1_000, 3),
        List.of(4L, 2L, 0L),
        List.of(result("first", 200), result("second", 100)),
        List.of(new Comparison.LeftOut("third", "it is too <much>")));
  }

  private static Result result(String name, long worst) {
    WaitSummary waits = new WaitSummary(1, 10, 20, 30);
    return new Result(
        name,
        6,
        3,
        6,
        3,
        0,
        waits,
        waits,
        new Result.Worst(worst, 100),
        new Result.Memory(1, 12.5, 14),
        100,
        List.of(2L, 1L, 0L));
  }
}
