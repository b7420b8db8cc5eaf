package org.dualform.dev;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.dualform.cli.Rooms;

/** Tests which packages of the developers' module may depend on which. */
@AnalyzeClasses(packages = "org.dualform.dev", importOptions = ImportOption.DoNotIncludeTests.class)
class DevRoomsTest {
    private static final String DEV = "org.dualform.dev";

    /** The highest first: a room knows of the floors below its own alone. */
    private static final List<List<String>> FLOORS = List.of(
            List.of(DEV),
            List.of(DEV + ".bench", DEV + ".suite", DEV + ".pack"),
            List.of(DEV + ".bench.benchmark", DEV + ".bench.grouping", DEV + ".pack.image"),
            List.of(DEV + ".bench.measure"),
            List.of(DEV + ".bench.workload"));

    @ArchTest
    static void roomsStandOnFloors(JavaClasses classes) {
        Rooms.standOnFloors(classes, DEV, FLOORS);
    }

    @ArchTest
    static void roomsAreSmall(JavaClasses classes) {
        Rooms.areSmall(classes, DEV);
    }

    /** Benchmarks halt a process that is ending already, lest the engine crash it. */
    @ArchTest
    static final ArchRule onlyTheCommandOfBenchmarksCutsTheEndShort = noClasses()
            .that()
            .resideInAPackage(DEV + "..")
            .and()
            .doNotHaveSimpleName("BenchCommand")
            .should()
            .callMethod(Runtime.class, "halt", int.class)
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class);

    @ArchTest
    static final ArchRule staticFieldsNeverChange = fields().that()
            .areDeclaredInClassesThat()
            .resideInAPackage(DEV + "..")
            .and()
            .areStatic()
            .should()
            .beFinal();
}
