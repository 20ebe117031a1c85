package io.weir.streams;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The arrows of the design inside the application. */
@AnalyzeClasses(packages = "io.weir.streams", importOptions = DoNotIncludeTests.class)
class LayersTest {
  private static final String ROOT = "io.weir.streams.";

  @ArchTest static final ArchRule serdeKnowsNothingElseOfTheApplication = knowsOnly("serde");

  @ArchTest static final ArchRule storeKnowsNothingElseOfTheApplication = knowsOnly("store");

  @ArchTest static final ArchRule rulesKnowNothingElseOfTheApplication = knowsOnly("rules");

  @ArchTest
  static final ArchRule topologyIsWiredOfStoreSerdesAndRules =
      knowsOnly("topology", "store", "serde", "rules");

  @ArchTest static final ArchRule comparisonsKnowNothingElseOfTheApplication = knowsOnly("compare");

  @ArchTest static final ArchRule queriesKnowOnlyTheStore = knowsOnly("query", "store");

  @ArchTest
  static final ArchRule settingsKnowOnlyTheStoreAndTheSerde = knowsOnly("config", "store", "serde");

  @ArchTest
  static final ArchRule nothingButEnvoysDoorAndWhoTriesItOutKnowsGrpc =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "gateway.envoy..", ROOT + "cli.dev..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.envoyproxy..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule applicationKnowsNeitherSettingsNorCommands =
      knowsOnly("app", "query", "serde", "store", "topology");

  @ArchTest
  static final ArchRule gatewayKnowsNoCommands =
      knowsOnly("gateway", "app", "config", "query", "rules", "serde", "topology");

  @ArchTest
  static final ArchRule nothingOfTheBrokerIsUsed =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.apache.kafka.storage..");

  /** Kafka Streams can change what is internal to it in any release. */
  @ArchTest
  static final ArchRule twoClassesUseWhatIsInternalToStoresOfKafkaStreams =
      noClasses()
          .that()
          .doNotHaveSimpleName("WriteBehindLimitStore")
          .and()
          .doNotHaveSimpleName("BeforeCommit")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.streams.state.internals..");

  /** It is of the module jdk.random, which a runtime that was made small may not have. */
  @ArchTest
  static final ArchRule noGeneratorIsUsedThatASmallRuntimeLacks =
      noClasses().should().callMethod(RandomGenerator.class, "getDefault");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.weir.streams.(*)..").should().beFreeOfCycles();

  private static ArchRule knowsOnly(String self, String... others) {
    String[] known =
        Stream.concat(Stream.of(self), Stream.of(others))
            .map(name -> ROOT + name + "..")
            .toArray(String[]::new);
    return noClasses()
        .that(resideInAPackage(ROOT + self + ".."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.weir.streams..").and(resideOutsideOfPackages(known)));
  }
}
