package org.dualform.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.dualform.cli.Ran;
import org.junit.jupiter.api.Test;

class PromptCommandTest {
    private static final Path MINI = Ran.ROOT.resolve("models/mini");

    @Test
    void aPromptIsShownTokenByToken() {
        assertThat(Ran.here("prompt", "--model", MINI, "--datasets", "topics", "--shots", 1))
                .isEqualTo(new Ran(0, """
                        topics · seed 1 · template topics version 1
                        Limits: 1024 positions, 0 reserved, 9 for BOS, the longest query and the longest label.
                        Asked for 1 demonstration: 1 fits, 8 tokens.
                        Tokens are told apart by │.

                        opening (1)
                            <bos>
                            [0]
                        demonstration 1, train/593 (5)
                            Sentence:│brilliant│camel│earlier│Label:
                            [3, 240, 49, 265, 4]
                          its label animal (1)
                            animal
                            [22]
                          its end (1)
                            <eos>
                            [1]
                        query validation/328 (5)
                            Sentence:│rotten│canoe│afterwards│Label:
                            [3, 261, 77, 273, 4]
                            right label: red
                        label animal (1)
                            animal
                            [22]
                        label food (1)
                            food
                            [23]
                        label red (1)
                            red
                            [340]
                        label monday (1)
                            monday
                            [372]
                        """, ""));
    }

    @Test
    void aDataSetThatIsNotThereIsNamed() {
        Ran ran = Ran.here("prompt", "--model", MINI, "--datasets", "topiks");
        assertThat(ran.code()).isEqualTo(65);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.errors()).contains("no data set 'topiks'", "topics");
    }
}
