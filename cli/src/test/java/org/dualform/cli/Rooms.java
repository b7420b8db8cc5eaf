package org.dualform.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rules about the rooms (packages) of one module, for the tests of several modules. */
public final class Rooms {
    /** A room that one look takes in. */
    private static final int LARGEST = 15;

    private Rooms() {}

    /**
     * Fails unless every room stands on one of the floors and knows of the floors below its own alone.
     *
     * @param classes of the module
     * @param parent the package that holds the rooms
     * @param floors names of rooms, the highest floor first; a room beside another one does not know of it
     */
    public static void standOnFloors(JavaClasses classes, String parent, List<List<String>> floors) {
        List<String> named = floors.stream().flatMap(List::stream).toList();
        assertThat(sizes(classes, parent).keySet()).containsExactlyInAnyOrderElementsOf(named);
        List<String> above = new ArrayList<>();
        for (List<String> floor : floors) {
            above.addAll(floor);
            for (String room : floor) {
                String[] forbidden =
                        above.stream().filter(other -> !other.equals(room)).toArray(String[]::new);
                if (forbidden.length == 0) continue;
                noClasses()
                        .that()
                        .resideInAPackage(room)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(forbidden)
                        .check(classes);
            }
        }
        assertThat(named).allSatisfy(room -> assertThat(room).startsWith(parent));
    }

    /** Fails if a room holds too many files to be taken in at one look. */
    public static void areSmall(JavaClasses classes, String parent) {
        assertThat(sizes(classes, parent))
                .isNotEmpty()
                .allSatisfy((room, files) -> assertThat(files).as(room).isLessThanOrEqualTo(LARGEST));
    }

    /** Files of each room; a file is a class that is in no other one. */
    private static Map<String, Long> sizes(JavaClasses classes, String parent) {
        return classes.stream()
                .filter(type -> (type.getPackageName() + ".").startsWith(parent + "."))
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
    }
}
