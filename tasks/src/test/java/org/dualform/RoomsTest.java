package org.dualform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which room may know of which. */
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

    /** See {@link org.dualform.model.part.Scaled}: the gradient of such a product reads memory that may be gone. */
    @ArchTest
    static final ArchRule whatGradientsFlowThroughIsNotMultipliedByJavaNumbers = noClasses()
            .that()
            .resideInAnyPackage("org.dualform.model..", "org.dualform.pretrain..")
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
                    .and(DescribedPredicate.not(
                            JavaClass.Predicates.resideInAnyPackage("org.dualform.hub..", "org.dualform.contract.."))));

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
