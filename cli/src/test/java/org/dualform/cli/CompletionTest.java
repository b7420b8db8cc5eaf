package org.dualform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that {@code completion} prints, read by a real bash. */
class CompletionTest {
    @TempDir
    private Path folder;

    private Path script;

    @BeforeEach
    void print() throws IOException {
        script = Files.writeString(
                folder.resolve("completion.sh"), Ran.here("completion").out());
    }

    @Test
    void itIsValidAndServesBothWaysToCallTheLauncher() throws Exception {
        assertThat(bash("complete -p | sed -n 's/.*_complete_dualform //p'")).contains("dualform", "./dualform");
    }

    @Test
    void itCompletesEveryCommand() throws Exception {
        String[] commands =
                DualformCommand.commandLine().getSubcommands().keySet().stream().toArray(String[]::new);
        assertThat(
                        bash(
                                "COMP_WORDS=(./dualform ''); COMP_CWORD=1; _complete_dualform; printf '%s\\n' \"${COMPREPLY[@]}\""))
                .contains(commands);
    }

    @Test
    void itCompletesOptions() throws Exception {
        assertThat(bash("COMP_WORDS=(dualform clear --ma); COMP_CWORD=2; _complete_dualform;"
                        + " printf '%s\\n' \"${COMPREPLY[@]}\""))
                .containsExactly("--map-index");
    }

    /** Runs words of bash after the script, and returns the lines that they print. */
    private List<String> bash(String words) throws Exception {
        Process process = new ProcessBuilder("bash", "--norc", "-c", "source '" + script + "' || exit 9\n" + words)
                .redirectError(ProcessBuilder.Redirect.DISCARD) // it has no terminal, of which it complains
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isNotEqualTo(9);
        try (Stream<String> lines = out.lines()) {
            return lines.toList();
        }
    }
}
