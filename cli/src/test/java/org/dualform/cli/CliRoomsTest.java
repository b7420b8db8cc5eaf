package org.dualform.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Tests which packages of the command may depend on which. */
@AnalyzeClasses(packages = "org.dualform.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class CliRoomsTest {
    private static final String CLI = "org.dualform.cli";

    /** The highest first: a room knows of the floors below its own alone. */
    private static final List<List<String>> FLOORS = List.of(
            List.of(CLI),
            List.of(CLI + ".demo"),
            List.of(CLI + ".workflow"),
            List.of(CLI + ".workflow.preflight"),
            List.of(CLI + ".workflow.control"),
            List.of(CLI + ".workflow.outcome"),
            List.of(CLI + ".run", CLI + ".server", CLI + ".model", CLI + ".tracking", CLI + ".tables"),
            List.of(CLI + ".stack"),
            List.of(CLI + ".python"),
            List.of(CLI + ".output"),
            List.of(CLI + ".machine"),
            List.of(CLI + ".terminal"));

    @ArchTest
    static void roomsStandOnFloors(JavaClasses classes) {
        Rooms.standOnFloors(classes, CLI, FLOORS);
    }

    @ArchTest
    static void roomsAreSmall(JavaClasses classes) {
        Rooms.areSmall(classes, CLI);
    }

    @ArchTest
    static final ArchRule onlyRoomsOfCommandsParseArguments = noClasses()
            .that()
            .resideInAnyPackage(
                    CLI + ".terminal", CLI + ".machine", CLI + ".python", CLI + ".stack", CLI + ".workflow.*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

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

    @ArchTest
    static final ArchRule nothingCutsTheEndShort = noClasses()
            .that()
            .resideInAPackage("org.dualform.cli..")
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
