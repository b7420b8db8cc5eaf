package org.dualform.cli.workflow.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.dag.DagForm.Parameter;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;

class ConfTest {
    private static final DagForm FORM = new DagForm("sweep", false, parameters());

    @Test
    void textBecomesWhatTheFormWants() {
        Map<String, Object> conf = Conf.of(
                        FORM,
                        given("shots", "0,2")
                                .put("datasets", "topics, sentiment")
                                .put("limit", "20")
                                .put("record", "true")
                                .put("learning_rate", "3e-3"))
                .checked();
        assertThat(conf)
                .containsEntry("shots", "0,2")
                .containsEntry("datasets", List.of("topics", "sentiment"))
                .containsEntry("record", true)
                .containsEntry("learning_rate", "3e-3");
        assertThat(((Number) conf.get("limit")).longValue()).isEqualTo(20);
    }

    @Test
    void anEmptyListIsTheFormsNull() {
        assertThat(Conf.of(FORM, given("datasets", "")).checked()).containsEntry("datasets", null);
    }

    @Test
    void aNumberForATextFieldIsWrittenOut() {
        ObjectNode given = Json.mapper().createObjectNode().put("learning_rate", 0.5);
        assertThat(Conf.of(FORM, given).checked()).containsEntry("learning_rate", "0.5");
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        ObjectNode given = given("shots", "a,b").put("limit", "0").put("datsets", "topics");
        assertThatThrownBy(() -> Conf.of(FORM, given).checked())
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("shots is \"a,b\"")
                .hasMessageContaining("limit is 0")
                .hasMessageContaining("no parameter datsets")
                .hasMessageContaining("datasets");
    }

    @Test
    void whatIsNoNumberStaysTextAndIsRefused() {
        assertThatThrownBy(() -> Conf.of(FORM, given("limit", "many")).checked())
                .hasMessageContaining("limit is \"many\"");
    }

    private static ObjectNode given(String name, String value) {
        return Json.mapper().createObjectNode().put(name, value);
    }

    private static Map<String, Parameter> parameters() {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        parameters.put("shots", parameter(Map.of("type", "string", "pattern", "^\\d+(,\\d+)*$")));
        parameters.put(
                "datasets",
                parameter(Map.of("type", List.of("array", "null"), "examples", List.of("topics", "sentiment"))));
        parameters.put("limit", parameter(Map.of("type", "integer", "minimum", 1)));
        parameters.put("record", parameter(Map.of("type", "boolean")));
        parameters.put("learning_rate", parameter(Map.of("type", "string")));
        return parameters;
    }

    private static Parameter parameter(Map<String, Object> schema) {
        return new Parameter(null, null, schema);
    }
}
