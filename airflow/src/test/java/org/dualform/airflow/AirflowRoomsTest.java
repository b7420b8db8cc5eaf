package org.dualform.airflow;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Collectors;

/** Tests that the packages of this module are small and depend on each other in one direction. */
@AnalyzeClasses(packages = "org.dualform.airflow", importOptions = ImportOption.DoNotIncludeTests.class)
class AirflowRoomsTest {
    private static final int LARGEST_ROOM = 15;

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("org.dualform.airflow.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noRoomKnowsOfTheClientAboveIt = noClasses()
            .that()
            .resideInAPackage("org.dualform.airflow.*..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.dualform.airflow"));

    @ArchTest
    static void noRoomIsTooLarge(JavaClasses classes) {
        Map<String, Long> sizes = classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(c -> !c.getSimpleName().equals("package-info"))
                .filter(c -> !c.getPackageName().startsWith("org.dualform.airflow.api")) // generated
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        assertThat(sizes).containsKey("org.dualform.airflow.run");
        assertThat(sizes).allSatisfy((room, files) -> assertThat(files).as(room).isLessThanOrEqualTo(LARGEST_ROOM));
    }
}
