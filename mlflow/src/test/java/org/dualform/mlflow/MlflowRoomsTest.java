package org.dualform.mlflow;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Tests which packages of tracking may depend on which. */
@AnalyzeClasses(packages = "org.dualform.mlflow", importOptions = ImportOption.DoNotIncludeTests.class)
class MlflowRoomsTest {
    private static final String ROOM = "org.dualform.mlflow.";

    /** The floors, the highest first: a room knows of the floors below it alone. */
    @ArchTest
    static final ArchRule theFloorsStandOnEachOther = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("face")
            .definedBy("org.dualform.mlflow")
            .layer("spool")
            .definedBy(ROOM + "spool")
            .layer("live")
            .definedBy(ROOM + "live")
            .layer("server")
            .definedBy(ROOM + "server")
            .layer("page")
            .definedBy(ROOM + "page")
            .layer("rest")
            .definedBy(ROOM + "rest")
            .layer("http")
            .definedBy(ROOM + "http")
            .layer("value")
            .definedBy(ROOM + "value")
            .whereLayer("face")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("spool")
            .mayOnlyBeAccessedByLayers("face")
            .whereLayer("live")
            .mayOnlyBeAccessedByLayers("face", "spool")
            .whereLayer("server")
            .mayOnlyBeAccessedByLayers("face", "spool", "live")
            .whereLayer("page")
            .mayOnlyBeAccessedByLayers("face", "server")
            .whereLayer("rest")
            .mayOnlyBeAccessedByLayers("live", "server", "page")
            .whereLayer("http")
            .mayOnlyBeAccessedByLayers("face", "spool", "live", "server", "page", "rest");

    @ArchTest
    static final ArchRule theValuesKnowOfNoServer = noClasses()
            .that()
            .resideInAPackage(ROOM + "value")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("okhttp3..", "okio..", "org.mlflow..");

    @ArchTest
    static final ArchRule keysAreMadeAtOnePlace = classes()
            .that()
            .haveSimpleName("KeyCodec")
            .should()
            .onlyBeAccessed()
            .byClassesThat()
            .haveNameMatching("org\\.dualform\\.mlflow\\.(value\\.Key.*|rest\\.(RunMessages|LongValues)|"
                    + "live\\.(ValueSender|MetricSender))");
}
