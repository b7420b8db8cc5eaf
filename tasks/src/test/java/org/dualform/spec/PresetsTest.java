package org.dualform.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.choice.LearningRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresetsTest {
    private static Experiment experiment(String json) throws IOException {
        return Experiment.fromJson(new ObjectMapper().readTree(json.replace('\'', '"')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quick", "paper", "critics", "dai2022-1.3b", "dai2022-2.7b"})
    void everyPresetIsAnExperimentThatReadsBackAsItself(String preset) throws Exception {
        Experiment read = experiment("{'preset': '" + preset + "', 'model': 'mini'}");
        assertThat(Experiment.fromJson(read.toJson())).isEqualTo(read);
        assertThat(Grid.of(read).cells()).isNotEmpty();
        assertThat(read.methods().measuresMain()).isTrue();
    }

    /** Table 9 of the paper and its analysis script. */
    @Test
    void thePapersOwnValuesAreByDataSet() throws Exception {
        Experiment dai =
                experiment("{'preset': 'dai2022-2.7b', 'model': 'mini', 'datasets': ['/data/cb', 'sst2', 'x']}");
        assertThat(dai.data().model()).isEqualTo("KoboldAI/fairseq-dense-2.7B");
        assertThat(dai.of("/data/cb").data().shots()).containsExactly(0, 19);
        assertThat(dai.of("/data/cb").data().seeds()).containsExactly(3);
        assertThat(dai.of("/data/cb").methods().learningRate()).isEqualTo(LearningRate.fixed(0.01));
        assertThat(dai.of("sst2").methods().learningRate()).isEqualTo(LearningRate.fixed(0.007));
        assertThat(dai.of("x").data().shots()).containsExactly(0, 32);
        assertThat(Grid.of(dai).cells()).extracting(Cell::seed).containsExactly(3, 7, 1, 2, 3);
    }

    @Test
    void whatIsGivenWinsAndWhatIsLeftIsThePresets() throws Exception {
        Experiment form = experiment("""
                {'preset': 'quick', 'model': 'mini', 'datasets': ['topics'], 'shots': '0,1,2,4,8', 'arms': 'main',
                 'limit': 7, 'seeds': '4'}""");
        assertThat(form.data().datasets()).containsExactly("topics");
        assertThat(form.data().limit()).isEqualTo(7);
        assertThat(form.data().seeds()).containsExactly(4);
        assertThat(form.methods().arms()).extracting(Arm::name).contains("lcgd", "calibrated");
        assertThat(form.data().orders()).containsExactly(0, 1, 2);
    }

    @Test
    void mistakesInValuesOfSingleDataSetsAreNamed() {
        assertThatThrownBy(() -> experiment("""
                {'model': 'mini', 'datasets': 'topics', 'preset': 'quik',
                 'per_dataset': {'topics': {'shots': [1, 1], 'rate': 3, 'learning_rate': -1}}}"""))
                .hasMessageContaining("preset: has to be none or quick")
                .hasMessageContaining(
                        "per_dataset: topics: shots has to be a list of at most 1000 distinct whole numbers from 0 to 100000")
                .hasMessageContaining("there is no 'rate'")
                .hasMessageContaining("learning_rate has to be a number above 0");
    }
}
