package org.dualform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static String canonical(String json) throws Exception {
        JsonNode node = Json.mapper().readTree(json);
        return new String(Json.canonical(node), StandardCharsets.UTF_8);
    }

    @Test
    void orderOfKeysAndSpellingOfNumbersDoNotCount() throws Exception {
        String expected = canonical("{\"a\":{\"x\":[1,2],\"y\":0.002},\"b\":100}");
        assertThat(canonical("{ \"b\": 1e2, \"a\": {\"y\": 2.0e-3, \"x\": [1.0, 2]} }"))
                .isEqualTo(expected);
        assertThat(canonical("{\"b\":0,\"a\":0.0}")).isEqualTo("{\"a\":0,\"b\":0}");
    }

    @Test
    void orderOfItemsTypesAndValuesCount() throws Exception {
        assertThat(canonical("[1,2]")).isNotEqualTo(canonical("[2,1]"));
        assertThat(canonical("[1]")).isNotEqualTo(canonical("[\"1\"]"));
        assertThat(canonical("[0.1]")).isNotEqualTo(canonical("[0.10000001]"));
        assertThat(canonical("{\"a\":null}")).isNotEqualTo(canonical("{}"));
    }

    @Test
    void canonicalFormOfTheCanonicalFormIsItself() throws Exception {
        String once = canonical("{\"n\":[1e-7,12345678901234567,-0.50],\"s\":\"\\u00e9\\n\"}");
        assertThat(canonical(once)).isEqualTo(once);
    }
}
