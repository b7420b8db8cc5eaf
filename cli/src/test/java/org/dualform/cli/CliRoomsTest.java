package org.dualform.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which room of the command may know of which. */
@AnalyzeClasses(packages = "org.dualform", importOptions = ImportOption.DoNotIncludeTests.class)
class CliRoomsTest {
    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("org.dualform.cli.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsKnowNothingOfTheCommandsThatUseThem = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.dualform.cli.stack", "org.dualform.cli.workflow", "org.dualform.cli.suite", "..cli.bench")
            .should()
            .dependOnClassesThat(resideInAPackage("org.dualform.cli"));

    @ArchTest
    static final ArchRule onlyCommandsParseArguments = noClasses()
            .that()
            .resideOutsideOfPackages("org.dualform.cli", "org.dualform.cli.bench")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule noOtherModuleKnowsOfTheCommand = noClasses()
            .that()
            .resideOutsideOfPackage("org.dualform.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.dualform.cli..");

    @ArchTest
    static final ArchRule onlyTheFirstCommandEndsTheProcess = noClasses()
            .that()
            .resideInAPackage("org.dualform.cli..")
            .and()
            .doNotHaveSimpleName("DualformCommand")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class);

    /** Benchmarks halt a process that is ending already, lest the engine crash it. */
    @ArchTest
    static final ArchRule onlyBenchmarksCutTheEndShort = noClasses()
            .that()
            .resideInAPackage("org.dualform.cli..")
            .and()
            .doNotHaveSimpleName("BenchCommand")
            .should()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule staticFieldsNeverChange = fields().that()
            .areDeclaredInClassesThat()
            .resideInAPackage("org.dualform.cli..")
            .and()
            .areStatic()
            .should()
            .beFinal();
}
