package io.weir.streams.compare;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page as a headless Chromium shows it, where there is one on the PATH. */
class HtmlReportInBrowserTest {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final long PATIENCE_SECONDS = 120;
  private static final Pattern MEASURED = Pattern.compile("<pre id=\"measured\">([^<]+)</pre>");

  /** What the browser makes of the page, in base 64 so that nothing in it is markup. */
  private static final String MEASURE =
      """
      <script>
      window.addEventListener('load', () => {
        const plots = [...document.querySelectorAll('svg')].map(svg => {
          const shapes = [...svg.querySelectorAll('path:not(.axis, .mark), rect')];
          return {
            width: svg.getBoundingClientRect().width,
            height: svg.getBoundingClientRect().height,
            drawn: shapes.filter(it => it.getBBox().width > 0).length,
            shapes: shapes.length,
            letters: Math.min(...[...svg.querySelectorAll('text')]
              .map(it => it.getBoundingClientRect().height))
          };
        });
        const wide = [...document.querySelectorAll('body > *, section > *, figure, svg')]
          .filter(it => it.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map(it => it.tagName);
        const colors = getComputedStyle(document.body);
        const measured = {
          plots: plots,
          wide: wide,
          text: colors.color,
          ground: colors.backgroundColor,
          loaded: performance.getEntriesByType('resource').map(it => it.name)
        };
        const pre = document.createElement('pre');
        pre.id = 'measured';
        pre.textContent = btoa(JSON.stringify(measured));
        document.body.append(pre);
      });
      </script>
      """;

  private final Path directory;

  HtmlReportInBrowserTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @CsvSource({"1280, light", "1280, dark", "360, light", "360, dark"})
  void eachPlotIsDrawnAndNothingIsWiderThanThePage(int width, String scheme) throws Exception {
    JsonNode page = show(width, scheme);
    assertThat(page.path("plots")).hasSize(5 + 5);
    assertThat(page.path("plots"))
        .allSatisfy(
            plot -> {
              assertThat(plot.path("shapes").asInt()).isGreaterThanOrEqualTo(2);
              assertThat(plot.path("drawn")).isEqualTo(plot.path("shapes"));
              assertThat(plot.path("width").asDouble()).isBetween(200.0, (double) width);
              assertThat(plot.path("height").asDouble()).isGreaterThan(60);
              assertThat(plot.path("letters").asDouble()).as("letters").isGreaterThan(8);
            });
    assertThat(page.path("wide")).isEmpty();
    assertThat(page.path("loaded")).isEmpty();
    boolean dark = scheme.equals("dark");
    assertThat(brightness(page.path("ground").asText()))
        .isBetween(dark ? 0.0 : 200.0, dark ? 60.0 : 255.0);
    assertThat(brightness(page.path("text").asText()))
        .isBetween(dark ? 200.0 : 0.0, dark ? 255.0 : 60.0);
  }

  @Test
  void theBrowserHasNothingToComplainAbout() throws Exception {
    Path file = Files.writeString(directory.resolve("page.html"), page());
    Path log = directory.resolve("log");
    run(file, log, List.of("--enable-logging=stderr", "--log-level=0"));
    assertThat(Files.readString(log)).doesNotContain("CONSOLE");
  }

  private static double brightness(String color) {
    Matcher numbers = Pattern.compile("rgb\\((\\d+), (\\d+), (\\d+)\\)").matcher(color);
    assertThat(numbers.matches()).as(color).isTrue();
    return Stream.of(1, 2, 3)
        .mapToInt(it -> Integer.parseInt(numbers.group(it)))
        .average()
        .orElseThrow();
  }

  /** The page in so many pixels: a window has a least width, so the document gets it. */
  private JsonNode show(int width, String scheme) throws Exception {
    String narrow = "<style>html { width: %dpx; }</style></head>".formatted(width);
    Path file =
        Files.writeString(
            directory.resolve("page.html"),
            page().replace("</head>", narrow).replace("</body>", MEASURE + "</body>"));
    String dom =
        run(
            file,
            directory.resolve("log"),
            List.of(
                "--window-size=1400,1000",
                "--blink-settings=preferredColorScheme=" + (scheme.equals("dark") ? 0 : 1)));
    Matcher measured = MEASURED.matcher(dom);
    assertThat(measured.find()).as(dom).isTrue();
    byte[] json = Base64.getDecoder().decode(measured.group(1));
    return new ObjectMapper().readTree(new String(json, StandardCharsets.UTF_8));
  }

  /** The document as it is once the page is loaded. */
  private String run(Path page, Path log, List<String> options) throws Exception {
    Optional<Path> browser = browser();
    assumeTrue(browser.isPresent(), "no Chromium on the PATH: the report is not opened in it");
    List<String> command = new ArrayList<>();
    command.add(browser.orElseThrow().toString());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox", // The tests may run as root; the page is our own.
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--user-data-dir=" + directory.resolve("profile"),
            "--dump-dom"));
    command.addAll(options);
    command.add(page.toUri().toString());
    Path dom = directory.resolve("dom");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    return Files.readString(dom);
  }

  private static Optional<Path> browser() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator))
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String page() {
    RuleSet rules =
        RuleSet.of(DomainRules.of("compare", key("user").limit(RuleLimit.perSecond(10))));
    Traffic traffic =
        TrafficPattern.ON_OFF.traffic(
            new TrafficPattern.Shape(10, 1_000),
            1,
            user -> new TrafficPattern.Asked("compare", Map.of("user", String.valueOf(user))));
    Comparison comparison =
        Comparison.of(
            traffic, rules, Contender.standard(), System::nanoTime, (sofar, bins, all) -> {});
    return HtmlReport.of("100 / 1s", List.of(comparison));
  }
}
