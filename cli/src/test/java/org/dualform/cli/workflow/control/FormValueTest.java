package org.dualform.cli.workflow.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import org.dualform.airflow.dag.DagForm;
import org.junit.jupiter.api.Test;

class FormValueTest {
    private static JsonNode list(String text) {
        return FormValue.of(
                new DagForm.Parameter(null, "", Map.of("type", List.of("array", "null"))),
                JsonNodeFactory.instance.textNode(text));
    }

    @Test
    void aNameWithACommaStandsInQuotes() {
        assertThat(list("\"/data/mails, old\", topics,,")).hasToString("[\"/data/mails, old\",\"topics\"]");
        assertThat(list(" ").isNull()).isTrue();
    }
}
