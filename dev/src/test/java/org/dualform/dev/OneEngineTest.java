package org.dualform.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Tests that no test class is run by two engines. Each engine writes a report named after the class, so the second
 * report would replace the first and its tests would be missing from the totals.
 */
class OneEngineTest {
    private static final Map<String, String> ENGINES = Map.of(
            "org.junit.jupiter.api.Test", "JUnit",
            "org.junit.jupiter.api.RepeatedTest", "JUnit",
            "org.junit.jupiter.api.TestFactory", "JUnit",
            "org.junit.jupiter.api.TestTemplate", "JUnit",
            "org.junit.jupiter.params.ParameterizedTest", "JUnit",
            "net.jqwik.api.Property", "jqwik",
            "net.jqwik.api.Example", "jqwik",
            "com.tngtech.archunit.junit.ArchTest", "ArchUnit");

    /** What the rule is for; its name keeps it from being run. */
    static final class Mixture {
        @Test
        void example() {}

        @Property
        void law() {}
    }

    @Test
    void aMixtureIsSeen() {
        JavaClass mixture = new ClassFileImporter().importClass(Mixture.class);
        assertThat(engines(mixture)).containsExactly("JUnit", "jqwik");
    }

    @Test
    void everyClassOfTestsHasOneEngine() throws IOException {
        JavaClasses classes = new ClassFileImporter().importPaths(compiledTests());
        List<JavaClass> tests =
                classes.stream().filter(type -> !engines(type).isEmpty()).toList();
        assertThat(tests).extracting(JavaClass::getName).contains(getClass().getName());
        assertThat(tests)
                .filteredOn(type -> !type.isEquivalentTo(Mixture.class))
                .allSatisfy(type -> assertThat(engines(type)).as(type.getName()).hasSize(1));
    }

    /** Those of every module that was compiled; in a run of all tests this module is the last. */
    private static List<Path> compiledTests() throws IOException {
        try (Stream<Path> modules = Files.list(Path.of(System.getProperty("dualform.root", "..")))) {
            return modules.map(module -> module.resolve("target/test-classes"))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    private static Set<String> engines(JavaClass type) {
        Set<String> found = new TreeSet<>();
        Stream.concat(type.getMethods().stream(), type.getFields().stream())
                .flatMap(member -> member.getAnnotations().stream())
                .map(annotation -> annotation.getRawType().getName())
                .flatMap(name -> Optional.ofNullable(ENGINES.get(name)).stream())
                .forEach(found::add);
        return found;
    }
}
