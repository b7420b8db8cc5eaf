package org.dualform.mlflow.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Laws of the codec between names and MLflow's keys, for texts that are likely to break it. */
class KeyCodecTest {
    /** What MLflow's server checks: {@code mlflow/utils/validation.py}, with a narrower set of letters. */
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_\\-. :/]{1,250}");

    @Provide
    Arbitrary<String> text() {
        Arbitrary<String> anything = Arbitraries.strings().all().ofMaxLength(300);
        Arbitrary<String> troublesome =
                Arbitraries.strings().withChars(":=./-_ a0fé").ofMaxLength(300);
        Arbitrary<String> shortOnes = Arbitraries.strings().withChars(":=./2ea").ofMaxLength(6);
        Arbitrary<String> surrogates =
                Arbitraries.strings().withCharRange('\ud7f0', '\ue010').ofMaxLength(20);
        Arbitrary<String> nearTheLimit =
                Arbitraries.strings().withChars("a/.").ofMinLength(235).ofMaxLength(260);
        return Arbitraries.oneOf(anything, troublesome, shortOnes, surrogates, nearTheLimit);
    }

    private static boolean accepted(String key) {
        return ALLOWED.matcher(key).matches()
                && !key.startsWith("..")
                && List.of(key.split("/", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    @Property(tries = 5000)
    void everyTextHasAKeyThatMlflowAccepts(@ForAll("text") String text) {
        assertThat(KeyCodec.encode(text)).matches(KeyCodecTest::accepted);
    }

    @Property(tries = 5000)
    void decodingIsTheInverse(@ForAll("text") String text) {
        String key = KeyCodec.encode(text);
        if (key.length() < KeyCodec.MAX) {
            assertThat(KeyCodec.decode(key)).isEqualTo(text);
        } else {
            assertThat(KeyCodec.decode(key)).isIn(text, key);
        }
    }

    @Property(tries = 5000)
    void whatIsReadBackHasTheSameKey(@ForAll("text") String text) {
        assertThat(KeyCodec.encode(KeyCodec.readBack(text))).isEqualTo(KeyCodec.encode(text));
    }

    @Property(tries = 5000)
    void anyKeyCanBeDecoded(@ForAll("text") String key) {
        assertThat(KeyCodec.decode(key)).isNotNull();
    }

    @Property(tries = 5000)
    void differentTextsHaveDifferentKeys(@ForAll("pairs") Tuple2<String, String> pair) {
        if (!pair.get1().equals(pair.get2())) {
            assertThat(KeyCodec.encode(pair.get1())).isNotEqualTo(KeyCodec.encode(pair.get2()));
        }
    }

    /** Pairs that are likely to collide: two texts at random, and two that differ in their last characters. */
    @Provide
    Arbitrary<Tuple2<String, String>> pairs() {
        Arbitrary<String> end = Arbitraries.strings().withChars(":=./a0").ofMaxLength(3);
        Arbitrary<Tuple2<String, String>> alike =
                text().flatMap(start -> end.tuple2().map(ends -> Tuple.of(start + ends.get1(), start + ends.get2())));
        return Arbitraries.oneOf(text().tuple2(), alike);
    }

    @Example
    void keysAreReadable() {
        assertThat(KeyCodec.encode("topics flip=0.5/icl.accuracy")).isEqualTo("topics flip:0.5/icl.accuracy");
        assertThat(KeyCodec.encode("a:b")).isEqualTo("a::b");
        assertThat(KeyCodec.encode("a=")).isEqualTo("a:.003d");
        assertThat(KeyCodec.encode("a==b")).isEqualTo("a:.003d:b");
        assertThat(KeyCodec.encode("é")).isEqualTo(":.00e9");
        assertThat(KeyCodec.encode("𝄞")).isEqualTo(":.d834:.dd1e");
        assertThat(KeyCodec.encode("/a//b/")).isEqualTo(":.002fa/:.002fb:.002f");
        assertThat(KeyCodec.encode("a/../b")).isEqualTo("a/:.002e./b");
        assertThat(KeyCodec.encode("..a")).isEqualTo(":.002e.a");
        assertThat(KeyCodec.encode("")).isEqualTo(":.");
    }

    @Example
    void keysInUseStayAsTheyAre() {
        for (String key : List.of(
                Tags.STUDY,
                Tags.KIND,
                Tags.RUN_KEY,
                Tags.SUPERSEDED,
                Tags.CONTENT_KEY,
                Tags.AIRFLOW_MAP_INDEX,
                Tags.SOURCE,
                Tags.NOTE,
                Tags.LOGGED_ARTIFACTS,
                "mlflow.sharedViewState.dualform-0123456789abcdef",
                "topics/icl_minus_ft.low",
                "infinite.loss.8",
                ".hidden/...more")) {
            assertThat(KeyCodec.encode(key)).isEqualTo(key);
            assertThat(KeyCodec.decode(key)).isEqualTo(key);
        }
    }

    @Example
    void aLongKeyIsCutAndEndsWithAHash() {
        String text = "x=".repeat(200);
        String key = KeyCodec.encode(text);
        assertThat(key).hasSize(250).startsWith("x:x:x").matches(".*-[0-9a-f]{8}");
        assertThat(KeyCodec.decode(key)).isEqualTo(key);
        assertThat(KeyCodec.encode(key)).isEqualTo(key);
        assertThat(KeyCodec.encode(text + "x")).isNotEqualTo(key);
    }

    @Example
    void aKeyThatTheCodecDidNotMakeIsReadAsItIs() {
        for (String foreign : List.of("a:", "a:.zzzz", "a:.002G", ":.0061", "a: b", "é")) {
            assertThat(KeyCodec.decode(foreign)).isEqualTo(foreign);
        }
    }
}
