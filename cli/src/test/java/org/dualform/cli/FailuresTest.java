package org.dualform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What a person reads, and which exit code a shell sees, when a command fails other than by a mistake of the user's. */
class FailuresTest {
    @TempDir
    private Path folder;

    /** A command that fails in a given way. */
    @Command(name = "fails")
    private record Failing(Callable<Integer> deed) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            return deed.call();
        }
    }

    private static Ran run(Callable<Integer> deed) {
        StringWriter errors = new StringWriter();
        CommandLine line = DualformCommand.commandLine().addSubcommand(new Failing(deed));
        line.setErr(new PrintWriter(errors));
        return new Ran(line.execute("fails"), "", errors.toString());
    }

    @Test
    void memoryThatIsUsedUpNamesTheLimitAndTheOption() {
        Ran ran = run(() -> new long[Integer.MAX_VALUE].length);
        assertThat(ran.code()).isEqualTo(71);
        assertThat(ran.errors())
                .contains("Java ran out of memory (", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB", "-Xmx")
                .doesNotContain("\tat ", "bug");
    }

    @Test
    void aNativeLibraryThatCannotBeLoadedIsTheMachinesConfiguration() throws IOException {
        Path library = Files.writeString(folder.resolve("libnone.so"), "no library");
        Ran ran = run(() -> {
            System.load(library.toString());
            return 0;
        });
        assertThat(ran.code()).isEqualTo(78);
        assertThat(ran.errors())
                .contains(library.toString(), "noexec", "DJL_CACHE_DIR")
                .doesNotContain("\tat ");
    }

    @Test
    void aFailureThatALibraryWrappedIsFoundAmongTheCauses() {
        Ran ran = run(() -> {
            throw new IllegalStateException("engine", new ExceptionInInitializerError(new UnsatisfiedLinkError("lib")));
        });
        assertThat(ran.code()).isEqualTo(78);
    }

    @Test
    void aFullStackAndClassesThatDoNotFitAreToldAsSuchWithTheirTrace() {
        Ran stack = run(() -> depth(0));
        assertThat(stack.code()).isEqualTo(70);
        assertThat(stack.errors()).startsWith("Java's stack is full.").contains("-Xss", "\tat ");
        Ran classes = run(() -> {
            throw new NoSuchMethodError("void A.b()");
        });
        assertThat(classes.code()).isEqualTo(70);
        assertThat(classes.errors())
                .startsWith("Dualform's Java classes do not fit together.")
                .contains("void A.b()");
    }

    private static int depth(int above) {
        return above < 0 ? 0 : depth(above + 1) + above;
    }

    @Test
    void anyOtherErrorIsABug() {
        Ran ran = run(() -> {
            throw new AssertionError("never");
        });
        assertThat(ran.code()).isEqualTo(70);
        assertThat(ran.errors()).startsWith("This is a bug of Dualform's").contains("AssertionError: never");
    }

    @Test
    void aFileThatCannotBeWrittenIsNoBug() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Ran ran = run(() -> {
            Files.writeString(file.resolve("below"), "");
            return 0;
        });
        assertThat(ran.code()).isEqualTo(78);
        assertThat(ran.errors()).startsWith(file + " is a file, and a folder is needed there.");
    }

    @Test
    void theFolderOfAStudyIsCheckedBeforeAnythingIsMeasured() throws IOException {
        Files.createDirectories(folder.resolve("out/results.json"));
        Files.createDirectories(folder.resolve("out/report.html"));
        Ran blocked = Ran.here("run", "--out", folder.resolve("out"));
        assertThat(blocked.code()).isEqualTo(64);
        assertThat(blocked.errors()).startsWith("2 mistakes:").contains("out/results.json", "out/report.html", "--out");
        assertThat(folder.resolve("out/workspace")).doesNotExist();
        Path file = Files.writeString(folder.resolve("file"), "");
        Ran wrong = Ran.here("run", "--out", file);
        assertThat(wrong.code()).isEqualTo(64);
        assertThat(wrong.errors())
                .isEqualToIgnoringNewLines("--out is a folder; " + file + " is a file. Name another.");
    }
}
