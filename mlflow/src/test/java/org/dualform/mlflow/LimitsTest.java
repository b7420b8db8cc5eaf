package org.dualform.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Laws of what keeps within MLflow's limits. */
class LimitsTest {
    @Provide
    Arbitrary<String> text() {
        return Arbitraries.strings().all().ofMaxLength(400);
    }

    @Property
    void cleanKeysAreValidAndStayAsTheyAre(@ForAll("text") String key) {
        String clean = Names.clean(key);
        assertThat(Names.valid(clean)).as(clean).isTrue();
        assertThat(Names.clean(clean)).isEqualTo(clean);
        if (Names.valid(key)) {
            assertThat(clean).isEqualTo(key);
        }
    }

    @Property
    void differentKeysStayDifferent(@ForAll("text") String a, @ForAll("text") String b) {
        if (!a.equals(b)) {
            assertThat(Names.clean(a)).isNotEqualTo(Names.clean(b));
        }
    }

    @Example
    void likeKeysStayDifferent() {
        assertThat(List.of("a=b", "a_b", "a+b", "a//b", "a/b", "/a", "a", "..", "").stream()
                        .map(Names::clean)
                        .distinct())
                .hasSize(9);
    }

    @Property(tries = 60)
    void batchesHoldEverythingInOrderWithinTheLimits(
            @ForAll @IntRange(max = 3500) int metrics,
            @ForAll @IntRange(max = 350) int params,
            @ForAll @IntRange(max = 350) int tags,
            @ForAll @IntRange(max = 8000) int length) {
        List<MetricPoint> points = new ArrayList<>();
        for (int i = 0; i < metrics; i++) {
            points.add(new MetricPoint("m" + i % 7, i, i));
        }
        Map<String, String> paramMap = pairs("p", params, "é".repeat(Math.min(length, 6000)));
        Map<String, String> tagMap = pairs("t", tags, "\n".repeat(length));
        List<Batch> batches = Batch.split(points, paramMap, tagMap);
        List<MetricPoint> gotPoints = new ArrayList<>();
        Map<String, String> gotParams = new LinkedHashMap<>();
        Map<String, String> gotTags = new LinkedHashMap<>();
        for (Batch batch : batches) {
            assertThat(batch.metrics()).hasSizeLessThanOrEqualTo(1000);
            assertThat(batch.params()).hasSizeLessThanOrEqualTo(100);
            assertThat(batch.tags()).hasSizeLessThanOrEqualTo(100);
            int together = batch.metrics().size()
                    + batch.params().size()
                    + batch.tags().size();
            assertThat(together).isBetween(1, 1000);
            assertThat(batch.size()).isLessThanOrEqualTo(1_000_000);
            gotPoints.addAll(batch.metrics());
            gotParams.putAll(batch.params());
            gotTags.putAll(batch.tags());
        }
        assertThat(gotPoints).isEqualTo(points);
        assertThat(List.copyOf(gotParams.entrySet())).isEqualTo(List.copyOf(paramMap.entrySet()));
        assertThat(List.copyOf(gotTags.entrySet())).isEqualTo(List.copyOf(tagMap.entrySet()));
    }

    private static Map<String, String> pairs(String key, int count, String value) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            pairs.put(key + i, value);
        }
        return pairs;
    }

    @Property
    void longValuesKeepTheirBeginningAndTheWholeGoesAlong(@ForAll @IntRange(min = 5000, max = 9000) int length) {
        String value = "𝄞".repeat(length);
        Clipped clipped = Clipped.params(Map.of("k", value));
        String kept = clipped.values().get("k");
        assertThat(kept.codePointCount(0, kept.length())).isLessThanOrEqualTo(Clipped.MAX_PARAM);
        if (length <= Clipped.MAX_PARAM) {
            assertThat(kept).isEqualTo(value);
            assertThat(clipped.whole()).isEmpty();
        } else {
            assertThat(value).startsWith(kept.substring(0, kept.indexOf('\n')));
            assertThat(clipped.whole()).containsValue(value);
            assertThat(kept).contains(clipped.whole().keySet().iterator().next());
        }
    }

    @Example
    void tablesAreCheckedAndCarryWhatJsonCannot() {
        Table table = new Table(
                List.of("id", "x"),
                List.of(List.of("a", Double.NaN), List.of("b", Double.NEGATIVE_INFINITY), List.of("c", 1)));
        assertThat(table.json())
                .isEqualTo("{\"columns\":[\"id\",\"x\"],\"data\":[[\"a\",null],[\"b\",\"-Infinity\"],[\"c\",1]]}");
        assertThatThrownBy(() -> new Table(List.of("id"), List.of(List.of("a"), List.of("a"))))
                .hasMessageContaining("not unique");
        assertThatThrownBy(() -> new Table(List.of("id"), List.of(List.of("a", 1))))
                .hasMessageContaining("2 cells");
    }

    @Example
    void runKeysAreOneToOne() {
        assertThat(new RunKey("a/b", "c", "k").value()).isNotEqualTo(new RunKey("a", "b/c", "k").value());
        assertThat(new RunKey("it's \"1\"", "", "summary").value())
                .doesNotContain("'")
                .doesNotContain("\"");
    }

    @Example
    void linksOpenTheRightViews() {
        Links links = new Links(java.net.URI.create("http://h:1"), "7");
        assertThat(links.run("r")).hasToString("http://h:1/#/experiments/7/runs/r");
        assertThat(links.artifact("r", "a b/report.html"))
                .hasToString("http://h:1/#/experiments/7/runs/r/artifacts/a%20b/report.html");
        assertThat(links.table("it's"))
                .hasToString("http://h:1/#/experiments/7/runs?searchFilter=tags.study%20%3D%20%22it%27s%22%20AND%20"
                        + "tags.%60dualform.superseded%60%20IS%20NULL&compareRunsMode=TABLE");
        assertThat(links.metric(List.of("a", "b"), "accuracy"))
                .hasToString("http://h:1/#/metric?runs=%5B%22a%22%2C%22b%22%5D&metric=%22accuracy%22&experiments="
                        + "%5B%227%22%5D&plot_metric_keys=%5B%22accuracy%22%5D&x_axis=step");
    }
}
