package org.dualform.task.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.finetune.RateSelection;
import org.dualform.finetune.train.Stability;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.SelectionCurve;
import org.dualform.spec.Method;
import org.dualform.spec.choice.SelectOn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a written file can be read again, for each of the three origins of a learning rate. */
class SelectionFileTest {
    private static final RateSelection.Point POINT =
            new RateSelection.Point(0.1, -0.5, 0.75, 20, null, new Stability(2.5, 2.25, 1.5, false));
    private static final RateSelection.Point DIVERGED =
            new RateSelection.Point(0.3, null, null, 0, "diverged at step 2", null);

    @TempDir
    Path folder;

    private SelectionFile again(SelectionFile selection) throws Exception {
        selection.write(folder);
        return SelectionFile.read(folder.resolve(SelectionFile.FILE));
    }

    @Test
    void aChosenRateWithChoicesAndCurves() throws Exception {
        CandidateChoice choice = new CandidateChoice(1, 0, "abc", "topics");
        SelectionFile selection = new SelectionFile(
                new RateChoice.Chosen(new RateSelection.Selection(
                        0.1, RateSelection.Place.LOWEST, POINT, List.of(POINT, DIVERGED), 4, 2, 20)),
                new SelectionFile.Rows(SelectOn.TRAIN, 20),
                Map.of(Method.FT, choice, Method.ICL, new CandidateChoice(null, 1, "def", "generic")),
                Map.of(
                        Method.FT,
                        List.of(new SelectionFile.Tried(choice, 0.5, -0.7, null)),
                        Method.ICL,
                        List.of(new SelectionFile.Tried(choice, null, null, "diverged"))),
                new SelectionCurve(
                        "mini",
                        "topics",
                        1,
                        20,
                        List.of(new SelectionCurve.Point(ScoredMethod.ICL, 4, 0.5, -0.6, 20))));
        assertThat(again(selection)).isEqualTo(selection);
        assertThat(selection.toJson().fieldNames())
                .toIterable()
                .containsExactly(
                        "on",
                        "n",
                        "how",
                        "learning_rate",
                        "grid",
                        "untuned",
                        "place",
                        "shots",
                        "passes",
                        "chosen",
                        "candidates",
                        "curve");
    }

    @Test
    void aGivenRate() throws Exception {
        SelectionFile selection = new SelectionFile(
                new RateChoice.Given(0.01), new SelectionFile.Rows(SelectOn.REPORTED, 8), Map.of(), Map.of(), null);
        assertThat(again(selection)).isEqualTo(selection);
        assertThat(Files.readString(folder.resolve(SelectionFile.FILE)).replaceAll("\\s", ""))
                .isEqualTo("{\"how\":\"given\",\"learning_rate\":0.01,\"on\":\"reported\",\"n\":8}");
    }

    @Test
    void noRate() throws Exception {
        SelectionFile selection = new SelectionFile(new RateChoice.None(), null, Map.of(), Map.of(), null);
        assertThat(again(selection)).isEqualTo(selection);
        assertThat(again(selection).learningRate()).isEmpty();
        assertThat(Files.readString(folder.resolve(SelectionFile.FILE)).replaceAll("\\s", ""))
                .isEqualTo("{\"how\":\"nofine-tuningwasaskedfor\",\"learning_rate\":null}");
    }

    @Test
    void whatIsInNoSuchFormIsNamed() throws Exception {
        Path file = folder.resolve(SelectionFile.FILE);
        Files.writeString(file, "{\"how\": \"guessed\"}");
        assertThatThrownBy(() -> SelectionFile.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(file.toString(), "not in the form that select writes", "guessed");
        Files.writeString(file, "{");
        assertThatThrownBy(() -> SelectionFile.read(file)).isInstanceOf(UserException.class);
    }
}
