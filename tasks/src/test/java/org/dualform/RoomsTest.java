package org.dualform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tests which packages may depend on which. */
@AnalyzeClasses(packages = "org.dualform", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    @ArchTest
    static final ArchRule theModelKnowsNothingOfPromptsOrExperiments = noClasses()
            .that()
            .resideInAPackage("org.dualform.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.dualform.spec..",
                    "org.dualform.data..",
                    "org.dualform.prompt..",
                    "org.dualform.infer..",
                    "org.dualform.finetune..",
                    "org.dualform.pretrain..",
                    "org.dualform.score..",
                    "org.dualform.report..",
                    "org.dualform.task..");

    @ArchTest
    static final ArchRule scoresAndReportsKnowNothingOfModels = noClasses()
            .that()
            .resideInAnyPackage("org.dualform.score..", "org.dualform.report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "ai.djl..",
                    "org.dualform.model..",
                    "org.dualform.infer..",
                    "org.dualform.finetune..",
                    "org.dualform.pretrain..",
                    "org.dualform.task..");

    /** See {@link org.dualform.model.part.function.Scaled}: the gradient of such a product reads memory that may be gone. */
    @ArchTest
    static final ArchRule whatGradientsFlowThroughIsNotMultipliedByJavaNumbers = noClasses()
            .that()
            .resideInAnyPackage("org.dualform.model..", "org.dualform.pretrain..", "org.dualform.finetune..")
            .should()
            .callMethod(NDArray.class, "mul", Number.class)
            .orShould()
            .callMethod(NDArray.class, "div", Number.class)
            .orShould()
            .callMethod(NDArray.class, "pow", Number.class);

    @ArchTest
    static final ArchRule theHubKnowsTheContractAlone = noClasses()
            .that()
            .resideInAPackage("org.dualform.hub..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("org.dualform..")
                    .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(
                            "org.dualform.hub..", "org.dualform.contract..", "org.dualform.base.."))));

    @ArchTest
    static final ArchRule theFileFormatKnowsTheContractAlone = noClasses()
            .that()
            .resideInAPackage("org.dualform.safetensors..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage("org.dualform..", "ai.djl..")
                    .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(
                            "org.dualform.safetensors..", "org.dualform.contract..", "org.dualform.base.."))));

    /** GGUF's 16-bit numbers are widened as those of safetensors. */
    @ArchTest
    static final ArchRule theOtherFileFormatKnowsLittleMore = noClasses()
            .that()
            .resideInAPackage("org.dualform.gguf..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage("org.dualform..", "ai.djl..")
                    .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(
                            "org.dualform.gguf..",
                            "org.dualform.safetensors..",
                            "org.dualform.contract..",
                            "org.dualform.base.."))));

    @ArchTest
    static final ArchRule onlyTheHubAndTrackingSpeakHttp = noClasses()
            .that()
            .resideInAPackage("org.dualform..")
            .and()
            .resideOutsideOfPackages("org.dualform.hub..", "org.dualform.mlflow..", "org.dualform.airflow..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("okhttp3..");

    @ArchTest
    static final ArchRule onlyTasksKnowOfTracking = noClasses()
            .that()
            .resideInAPackage("org.dualform..")
            .and()
            .resideOutsideOfPackages("org.dualform.task..", "org.dualform.mlflow..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.dualform.mlflow..", "org.mlflow..");

    @ArchTest
    static final ArchRule noRoomButTaskKnowsOfTasks = noClasses()
            .that()
            .resideInAPackage("org.dualform..")
            .and()
            .resideOutsideOfPackage("org.dualform.task..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.dualform.task..");

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("org.dualform.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsInsideRoomsHaveNoCycles =
            slices().matching("org.dualform.(*).(*)..").should().beFreeOfCycles();

    /** The floors of {@code task}, the highest first: a room knows of the floors below it alone. */
    private static final List<List<String>> TASK_FLOORS = List.of(
            List.of("study", "theory", "momentum"),
            List.of("select", "plan"),
            List.of("cell", "training"),
            List.of("tracking"),
            List.of("run"),
            List.of("source", "transport"),
            List.of("file"),
            List.of("parameters", "store", "progress"),
            List.of("stop"));

    @ArchTest
    static void theFloorsOfTaskStandOnEachOther(JavaClasses classes) {
        for (int floor = 0; floor < TASK_FLOORS.size(); floor++) {
            for (String room : TASK_FLOORS.get(floor)) {
                List<String> others = new ArrayList<>(List.of("org.dualform.task"));
                for (List<String> above : TASK_FLOORS.subList(0, floor + 1))
                    for (String other : above) if (!other.equals(room)) others.add("org.dualform.task." + other);
                noClasses()
                        .that()
                        .resideInAPackage("org.dualform.task." + room)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(others.toArray(String[]::new))
                        .check(classes);
            }
        }
    }

    @ArchTest
    static void theGroundFloorStandsOnJavaAlone(JavaClasses classes) {
        noClasses()
                .that()
                .resideInAPackage("org.dualform.base..")
                .should()
                .dependOnClassesThat(
                        JavaClass.Predicates.resideOutsideOfPackages("org.dualform.base..", "java..", "org.jspecify.."))
                .check(classes);
    }

    /** A room that one look takes in. */
    private static final int LARGEST_ROOM = 15;

    @ArchTest
    static void noRoomIsTooLarge(JavaClasses classes) {
        Map<String, Long> sizes = classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(c -> !c.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        assertThat(sizes).allSatisfy((room, files) -> assertThat(files).as(room).isLessThanOrEqualTo(LARGEST_ROOM));
    }

    @ArchTest
    static final ArchRule onlyMainEndsTheProcess = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule staticFieldsNeverChange =
            fields().that().areStatic().should().beFinal();
}
