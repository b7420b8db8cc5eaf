package org.dualform.spec.arm;

import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.List;
import java.util.stream.Stream;

/** A list of arms as a spec in normal form writes it: by their names, with {@code -main} where {@code main} is left out. */
public final class ArmNames {
    private ArmNames() {}

    /** From arms to names. */
    public static final class Write extends StdConverter<List<Arm>, List<String>> {
        @Override
        public List<String> convert(List<Arm> arms) {
            Stream<String> names = arms.stream().map(Arm::name);
            return arms.stream().anyMatch(Arm::isMain)
                    ? names.toList()
                    : Stream.concat(names, Stream.of(Arms.NOT_MAIN)).toList();
        }
    }

    /** From names to arms. */
    public static final class Read extends StdConverter<List<String>, List<Arm>> {
        @Override
        public List<Arm> convert(List<String> names) {
            return names.stream()
                    .filter(name -> !name.equals(Arms.NOT_MAIN))
                    .map(Arm::of)
                    .toList();
        }
    }
}
