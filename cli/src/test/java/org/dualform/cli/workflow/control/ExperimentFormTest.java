package org.dualform.cli.workflow.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.dag.DagForm.Parameter;
import org.dualform.cli.Ran;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Schemas;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A form of an experiment is checked as {@code run} checks one, before anything is triggered. */
class ExperimentFormTest {
    @TempDir
    private Path home;

    @Test
    void everyWrongValueIsToldInTheWordsOfRunWithWhatIsNotThere() {
        UserException refused = refusedHere(
                sweep(),
                "shots=a,b",
                "seeds=-1",
                "limit=0",
                "learning_rate=fast",
                "device=gpu",
                "arms=lcdg",
                "datasets=topiks",
                "model=mimi",
                "passses=2");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.mistakes())
                .satisfiesExactlyInAnyOrder(
                        m -> assertThat(m)
                                .isEqualTo("The form of sweep has no parameter passses; did you mean passes."),
                        m -> assertThat(m)
                                .isEqualTo(
                                        "shots: has to be at most 1000 whole numbers from 0 to 100000, such as 0,1,4,"
                                                + " not \"a,b\"."),
                        m -> assertThat(m).startsWith("seeds: has to be at most 1000 whole numbers from 0"),
                        m -> assertThat(m).isEqualTo("limit: has to be a whole number from 1 to 10000, not 0."),
                        m -> assertThat(m)
                                .isEqualTo("learning_rate: has to be auto, paper or a number above 0, not \"fast\"."),
                        m -> assertThat(m)
                                .isEqualTo("device: has to be auto, cpu, cuda or cuda:0, cuda:1 …, not \"gpu\"."),
                        m -> assertThat(m).contains("'lcdg'", "did you mean lcgd"),
                        m -> assertThat(m).contains("no model 'mimi'", "mini"),
                        m -> assertThat(m).contains("no data set 'topiks'", "topics"))
                .allSatisfy(m -> assertThat(m).doesNotContain("\\d", "regex", "^"));
    }

    /** The form accepts any text here, so only the reader of specs can find these. */
    @Test
    void whatTheFormAcceptsIsCheckedAllTheSame() {
        UserException refused = refusedHere(sweep(), "arms=flip=2", "template=minimal");
        assertThat(refused.mistakes())
                .satisfiesExactlyInAnyOrder(
                        m -> assertThat(m).contains("share from 0 to 1", "'2'"),
                        m -> assertThat(m).contains("there is no template and no file 'minimal'"));
        UserException unknown = refusedHere(sweep(), "datasets=topiks");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(unknown.mistakes()).hasSize(1).first().asString().contains("no data set 'topiks'");
    }

    @Test
    void whatIsRightIsSentAsTheFormWantsIt() throws IOException {
        assertThat(Conf.of(sweep(), given("datasets=topics", "shots=0,2", "seeds=1", "limit=20"))
                        .checkedHere(environment()))
                .isEqualTo(Map.of("datasets", List.of("topics"), "shots", "0,2", "seeds", "1", "limit", 20L));
    }

    @Test
    void theDefaultsOfTheFormCountAsThatDagsOwn() {
        UserException refused = refusedHere(form("sweep", false, Map.of("model", "mimi")), "limit=20");
        assertThat(refused.mistakes()).hasSize(1).first().asString().contains("no model 'mimi'");
    }

    @Test
    void aDagOfOneCellRefusesSeveralAndNamesThem() {
        UserException refused = refusedHere(single(), "datasets=topics,sentiment", "seeds=1,2");
        assertThat(refused.mistakes())
                .containsExactly(
                        "cell measures one cell: one data set, seed, order, template and arm. This experiment has"
                                + " 4 (2 data sets, 2 seeds): topics · seed 1, topics · seed 2, sentiment · seed 1,"
                                + " sentiment · seed 2. Name one of each, or start icl_shot_sweep.");
        assertThat(refusedHere(single(), "preset=quick").mistakes())
                .first()
                .asString()
                .contains("measures one cell");
        assertThat(refusedHere(single(), "datasets=topics,").mistakes())
                .containsExactly("datasets: has to be a single value, without a comma, not \"topics,\".");
    }

    @Test
    void aControlIsTheOnlyCellOfADagOfOneCell() throws IOException {
        assertThat(Conf.of(single(), given("arms=flip=0.5")).checkedHere(environment()))
                .isEqualTo(Map.of("arms", "flip=0.5"));
    }

    @Test
    void moreCellsThanAirflowMapsATaskOverAreForThePlanToShare() {
        StringBuilder seeds = new StringBuilder("0");
        for (int seed = 1; seed < 600; seed++) seeds.append(',').append(seed);
        UserException refused = refusedHere(sweep(), "seeds=" + seeds, "model=mimi");
        assertThat(refused.mistakes()).singleElement().asString().contains("mimi");
    }

    @Test
    void forAnotherMachineOnlyGrammarAndRangesAreChecked() {
        Conf conf = Conf.of(sweep(), given("model=/models/theirs", "datasets=theirs", "arms=lcdg", "limit=0"));
        UserException refused = catchThrowableOfType(UserException.class, conf::checked);
        assertThat(refused.mistakes())
                .satisfiesExactlyInAnyOrder(
                        m -> assertThat(m).contains("'lcdg'"),
                        m -> assertThat(m).startsWith("limit:"));
        assertThat(Conf.of(sweep(), given("model=/models/theirs", "datasets=theirs"))
                        .checked())
                .isEqualTo(Map.of("model", "/models/theirs", "datasets", List.of("theirs")));
    }

    /** The tests run in a folder of the project; the tasks of Airflow do not. */
    @Test
    void pathsAreMadeAbsoluteAndNamesStayNames() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path root = Files.createDirectories(home.resolve("roots/src"));
        Files.createFile(root.resolve("train.jsonl"));
        ObjectNode absolute = PathsFromHere.absolute(
                given("model=src", "datasets=topics,src/main,nowhere/x", "rows=pom.xml", "template=sst2,pom.xml"),
                environment());
        assertThat(absolute)
                .isEqualTo(given(
                        "model=" + here.resolve("src"),
                        "datasets=topics," + here.resolve("src/main") + ",nowhere/x",
                        "rows=" + here.resolve("pom.xml"),
                        "template=sst2," + here.resolve("pom.xml")));
        Map<String, String> rooted = new LinkedHashMap<>(environment());
        rooted.put("DUALFORM_DATA_ROOTS", home.resolve("roots").toString());
        assertThat(PathsFromHere.absolute(given("datasets=src"), rooted)).isEqualTo(given("datasets=src"));
    }

    private UserException refusedHere(DagForm form, String... given) {
        return catchThrowableOfType(
                UserException.class, () -> Conf.of(form, given(given)).checkedHere(environment()));
    }

    private Map<String, String> environment() {
        return Map.of(
                "DUALFORM_HOME",
                home.toString(),
                "DUALFORM_MODEL_ROOTS",
                Ran.ROOT.resolve("models").toAbsolutePath().toString());
    }

    private static ObjectNode given(String... values) {
        ObjectNode given = Json.mapper().createObjectNode();
        for (String value : values)
            given.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
        return given;
    }

    private static DagForm sweep() {
        return form("sweep", false, Map.of());
    }

    private static DagForm single() {
        return form("cell", true, Map.of());
    }

    /** A form as the DAG factories make it from the contract's schema. */
    private static DagForm form(String dagId, boolean single, Map<String, Object> defaults) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field :
                Schemas.SPEC.document().path("properties").properties()) {
            if (!field.getValue().has("x-form") || (single && field.getKey().equals("other_datasets"))) continue;
            JsonNode standard = field.getValue().path("default");
            boolean one = single && CellCount.LISTS.contains(field.getKey());
            String widget = field.getValue().path("x-form").path("widget").asText();
            Map<String, Object> schema = new LinkedHashMap<>();
            Object value = Json.mapper().convertValue(standard, Object.class);
            if (widget.equals("multiselect") && !one) {
                schema.put("type", List.of("array", "null"));
            } else if (widget.equals("integer")) {
                schema.put("type", "integer");
                schema.put("minimum", field.getValue().path("minimum").asInt());
            } else if (widget.equals("boolean")) {
                schema.put("type", "boolean");
            } else {
                schema.put("type", List.of("string", "null"));
                String pattern = field.getValue().path("x-form").path("pattern").asText();
                if (one) pattern = "^[^,]+$";
                if (!pattern.isEmpty()) schema.put("pattern", pattern);
                if (standard.isArray()) value = one ? standard.path(0).asText() : joined(standard);
            }
            parameters.put(field.getKey(), new Parameter(defaults.getOrDefault(field.getKey(), value), null, schema));
        }
        return new DagForm(dagId, false, parameters);
    }

    private static String joined(JsonNode list) {
        List<String> items = new ArrayList<>();
        list.forEach(item -> items.add(item.asText()));
        return String.join(",", items);
    }
}
