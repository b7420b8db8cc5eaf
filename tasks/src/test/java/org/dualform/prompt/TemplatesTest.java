package org.dualform.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualform.contract.UserException;
import org.dualform.data.LabelledRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplatesTest {
    private static Template of(String name) {
        return Templates.choose(name, "any").template();
    }

    @Test
    void everyFileIsListedAndNamedAsItIsCalled() throws Exception {
        Path folder =
                Path.of(String.valueOf(Templates.class.getResource("templates")).replaceFirst("^file:", ""));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(Templates.BUILT_IN);
        }
        assertThat(Templates.BUILT_IN).allMatch(name -> of(name).name().equals(name));
    }

    @Test
    void wordsBelongToNamesNotToIndices() {
        assertThat(of("subj").wordsOf(List.of("subjective", "objective"))).containsExactly("subjective", "objective");
        assertThat(of("sst5").wordsOf(List.of("okay (neutral)", "neutral", "very negative")))
                .containsExactly("neutral", "neutral", "terrible");
        assertThat(of("cb").wordsOf(List.of("entailment (true)", "neutral (neither)")))
                .containsExactly("True", "Neither");
    }

    @Test
    void theTemplateIsTheDataSetsElseTheGenericOne() {
        assertThat(Templates.choose("auto", "sst2").template().name()).isEqualTo("sst2");
        assertThat(Templates.choose("auto", "sst2").warning()).isEmpty();
        Templates.Choice generic = Templates.choose("auto", "mails");
        assertThat(generic.template().name()).isEqualTo("generic");
        assertThat(generic.template().wordsOf(List.of("ham", "spam"))).containsExactly("ham", "spam");
        assertThat(generic.warning())
                .hasValueSatisfying(warning -> assertThat(warning).contains("mails"));
        assertThatThrownBy(() -> of("sst3")).isInstanceOf(UserException.class).hasMessageContaining("did you mean");
    }

    @Test
    void fieldsAreFilledInOnce() {
        LabelledRow row = new LabelledRow("t/0", Map.of("premise", "{hypothesis} $1", "hypothesis", "h"), 0, "f:1");
        assertThat(of("cb").input(row)).isEqualTo("{hypothesis} $1 Question: h. True, False, or Neither? Answer:");
    }

    @Test
    void aFileOfOnesOwnMayBeGiven(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, "name: mine\nversion: 3\nfields: [a]\ntext: 'Q: {a}'\nwords: {x: X}\n");
        assertThat(of(file.toString()).version()).isEqualTo(3);
        assertThat(of(file.toString()).sha256())
                .hasSize(64)
                .isNotEqualTo(of("sst2").sha256());
        Files.writeString(file, "name: mine\nversion: 3\nfields: [a, c]\ntext: 'Q: {a} {b}'\nwords: {x: ' '}\n");
        assertThatThrownBy(() -> of(file.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("[a, c]")
                .hasMessageContaining("[a, b]")
                .hasMessageContaining("empty word for the label 'x'");
        Files.writeString(file, "name: mine\nversion: 3\n");
        assertThatThrownBy(() -> of(file.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("mine.yaml is not valid")
                .hasMessageContaining("fields");
        Files.writeString(file, "name: mine\nversion: 3\nfields: [a]\ntext:\nwords: {}\n");
        assertThatThrownBy(() -> of(file.toString())).isInstanceOf(UserException.class);
        Files.writeString(file, "name: [mine\n");
        assertThatThrownBy(() -> of(file.toString())).isInstanceOf(UserException.class);
    }
}
