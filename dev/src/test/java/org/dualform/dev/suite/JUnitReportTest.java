package org.dualform.dev.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JUnitReportTest {
    @TempDir
    private Path folder;

    @Test
    void sumsUpWithReasonsAndPlacesAndTheLineOfNumbersLast() throws IOException {
        Tally tally = new Tally();
        tally.addAll(read("""
                <testsuite>
                  <testcase classname="a.B" name="works"/>
                  <testcase classname="a.B" name="breaks"><failure message="1 is not 2&#10;at line 3">trace</failure></testcase>
                  <testcase classname="a.B" name="throws"><error>java.lang.Error: gone</error></testcase>
                  <testcase classname="a.C" name=""><skipped message="Assumption failed: test asset missing"/></testcase>
                </testsuite>
                """));
        assertThat(printed(tally))
                .containsExactly(
                        "skipped: test asset missing",
                        "  a.C",
                        "FAILED: a.B > breaks",
                        "  1 is not 2",
                        "  more in " + folder.resolve("TEST-x.xml"),
                        "FAILED: a.B > throws",
                        "  java.lang.Error: gone",
                        "  more in " + folder.resolve("TEST-x.xml"),
                        "1 passed, 2 failed, 1 skipped");
        assertThat(tally.isGood()).isFalse();
    }

    @Test
    void aReportCutOffInTheMiddleIsAFailure() throws IOException {
        Tally tally = new Tally();
        tally.addAll(read("<testsuite><testcase classname=\"a\" name=\"b\"/>"));
        assertThat(tally.isGood()).isFalse();
        assertThat(printed(tally)).last().isEqualTo("0 passed, 1 failed, 0 skipped");
    }

    @Test
    void nothingRunIsNoSuccess() throws IOException {
        Tally tally = new Tally();
        tally.addAll(read("<testsuite><testcase classname=\"a\" name=\"b\"><skipped/></testcase></testsuite>"));
        assertThat(tally.isGood()).isFalse();
        assertThat(printed(tally)).contains("skipped: no reason given", "No test ran: that is a failure too.");
    }

    private List<TestOutcome> read(String xml) throws IOException {
        return JUnitReport.read(Files.writeString(folder.resolve("TEST-x.xml"), xml));
    }

    private static List<String> printed(Tally tally) {
        var bytes = new ByteArrayOutputStream();
        tally.print(new PrintWriter(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
