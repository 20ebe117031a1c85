package io.weir.limiter;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.weir.limiter.outbound.OutboundMetrics;

/** The arrows of the design inside the library. */
@AnalyzeClasses(packages = "io.weir.limiter", importOptions = DoNotIncludeTests.class)
class LayersTest {
  private static final String OURS = "io.weir..";
  private static final String ALGORITHM = "io.weir.limiter.algorithm..";
  private static final String RULE = "io.weir.limiter.rule..";
  private static final String CODEC = "io.weir.limiter.codec..";
  private static final String HTTP = "io.weir.limiter.http..";
  private static final String OUTBOUND = "io.weir.limiter.outbound..";
  private static final String WORDS = "io.weir.limiter.words..";
  private static final String PLAIN = "io.weir.limiter.plain..";

  @ArchTest
  static final ArchRule libraryKnowsNeitherKafkaNorAvro =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.apache.kafka..",
                  "org.apache.avro..",
                  "io.weir.schemas..",
                  "io.weir.streams.."));

  @ArchTest static final ArchRule algorithmKnowsOnlyWords = knowsOnly(ALGORITHM, WORDS);

  @ArchTest
  static final ArchRule ruleKnowsOnlyAlgorithmAndWords = knowsOnly(RULE, ALGORITHM, WORDS);

  @ArchTest static final ArchRule wordsKnowNothingElseOfOurs = knowsOnly(WORDS);

  @ArchTest static final ArchRule codecKnowsOnlyAlgorithm = knowsOnly(CODEC, ALGORITHM);

  @ArchTest
  static final ArchRule onlyRedisKnowsWhatRedisNeeds =
      noClasses()
          .that(resideOutsideOfPackage("io.weir.limiter.redis.."))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.lettuce..", "io.netty..", "io.github.resilience4j.."));

  @ArchTest
  static final ArchRule plainKnowsOnlyAlgorithmAndWords = knowsOnly(PLAIN, ALGORITHM, WORDS);

  @ArchTest
  static final ArchRule httpKnowsNothingOfBackends =
      noClasses()
          .that(resideInAPackage("io.weir.limiter.http.."))
          .should()
          .dependOnClassesThat(resideInAnyPackage(CODEC, PLAIN, "io.weir.limiter.redis.."));

  @ArchTest
  static final ArchRule onlyItsFilterAndSpringKnowServlets =
      noClasses()
          .that(
              resideOutsideOfPackages("io.weir.limiter.http.servlet..", "io.weir.limiter.spring.."))
          .should()
          .dependOnClassesThat(resideInAPackage("jakarta.servlet.."));

  @ArchTest
  static final ArchRule outboundKnowsOnlyAlgorithmHttpAndWords =
      knowsOnly(OUTBOUND, ALGORITHM, HTTP, WORDS);

  @ArchTest
  static final ArchRule onlyMetricsOfOutboundAndSpringKnowMicrometer =
      noClasses()
          .that(not(belongToAnyOf(OutboundMetrics.class).or(simpleName("OutboundGauges"))))
          .and(resideOutsideOfPackage("io.weir.limiter.spring.."))
          .should()
          .dependOnClassesThat(resideInAPackage("io.micrometer.."));

  @ArchTest
  static final ArchRule onlySpringKnowsSpring =
      noClasses()
          .that(resideOutsideOfPackage("io.weir.limiter.spring.."))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.springframework..", "reactor..", "org.aopalliance.."));

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.weir.limiter.(*)..").should().beFreeOfCycles();

  private static ArchRule knowsOnly(String self, String... others) {
    String[] known = new String[others.length + 1];
    known[0] = self;
    System.arraycopy(others, 0, known, 1, others.length);
    return noClasses()
        .that(resideInAPackage(self))
        .should()
        .dependOnClassesThat(resideInAPackage(OURS).and(resideOutsideOfPackages(known)));
  }
}
