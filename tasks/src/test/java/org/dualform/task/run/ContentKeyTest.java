package org.dualform.task.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.task.Kinds;
import org.junit.jupiter.api.Test;

/**
 * The content key of every kind, for one item that carries the parameters of all kinds. The keys are written out, so
 * that a change to a parameter's name or to what a kind declares cannot pass unseen: with another key, nothing that
 * people computed before is found again. A key changes on purpose when its kind's algorithm version is raised.
 */
class ContentKeyTest {
    private static final String ITEM = """
            {"model": {"name": "mini", "path": "/models/mini", "sha256": "d4bc", "origin": "acme/mini@1"},
             "dataset": {"name": "topics", "path": "/data/topics", "sha256": "0c24"},
             "rows": {"name": "rows.json", "path": "/data/rows.json", "sha256": "77aa"},
             "template": {"fields": ["text"], "name": "topics", "split": "validation", "text": "Sentence: {text} Label:",
                          "version": 1, "words": {"animal": "animal", "food": "food"}},
             "templates": [{"fields": ["text"], "name": "topics", "split": "validation",
                            "text": "Sentence: {text} Label:", "version": 1, "words": {"animal": "animal"}}],
             "cell": "mini-topics-s1-o0-main", "seed": 1, "seeds": [1, 2], "order": 0, "orders": [0, 1], "arm": "main",
             "labels": "0.5", "model_variant": "untrained", "tuning": "adam+all", "calibrated": false,
             "shots": [0, 1, 4], "methods": ["icl", "ft"], "method": "ft", "limit": 20, "split": "validation",
             "first_rows": false, "description": true, "select": ["seed"], "select_on": "train", "select_rows": 50,
             "learning_rate": 0.010, "passes": 2, "threads": 1, "device": "cpu", "chunk_rows": 16, "dtype": "float32",
             "record": true, "record_position": "predict", "record_queries": "unrotated", "record_limit": 200,
             "baselines": ["random", "permuted"], "reserve_tokens": 3, "transport": "shared", "fresh": false,
             "experiment": {"model": "mini"}, "failures": {"mini-topics-s2-o0-main": "no disk"},
             "recipe": {"name": "mini"}, "contexts": [12, 24], "study": {"size": "tiny"}, "unknown": 7}
            """;

    @Test
    void everyKindKeepsItsKeys() throws Exception {
        ObjectNode item = (ObjectNode) Json.mapper().readTree(ITEM);
        Map<String, Reference> inputs = Map.of(
                "prompts", new Reference("workspace:a/prompts.json", "aa11", 10),
                "selection", new Reference("workspace:b/selection.json", "bb22", 20));
        Map<String, String> keys = new TreeMap<>();
        Kinds.all(Map.of(), 1)
                .forEach((name, kind) ->
                        keys.put(name, ContentKey.of(kind, ContentKey.visible(kind, item), inputs, NullNode.instance)));
        assertThat(keys)
                .containsExactlyEntriesOf(new TreeMap<>(Map.ofEntries(
                        Map.entry("dual_form", "683ab5243d32ed950c3623f5c39634b0b3bddc7ada52e7f0c92243670c9f8f3a"),
                        Map.entry("finetune", "dd82add04a2ecca6e24147cd62ca7f78d9a4be9fb7f79711d4c10e964dfd28dd"),
                        Map.entry("finish", "7091c0c9ec95d4a74b3cb8eba34908b2b28c378e0c373381b2ee42366bb1f282"),
                        Map.entry("infer", "a2553e9c7a98af0d5cdd6ca0d41c49fe49608fa9f4ba434292e684b4c75e94ef"),
                        Map.entry(
                                "momentum_compare", "0168d43e51bd9babe4bf0a72999ece3f30083cd24013a796e695a0d925de46f9"),
                        Map.entry("momentum_model", "f40ac0dbaa291a4ee541cb93b7b8e7ca07deba10ca00131e3b8e924e865d37a9"),
                        Map.entry("momentum_plan", "7304bd237ac1798bef087c0c95d95e050b2c92b410b9a2fe154560c1ccf51f44"),
                        Map.entry("plan", "321a9d7697f4ddf4ceb168dab788833287c6e612c744efba68cd26041aa8e6aa"),
                        Map.entry("pretrain", "444f0071dd824fe89e8b673ad3e1528181dcfde43c5e97c948c0963ee8508f0e"),
                        Map.entry("prompt", "4d3354837e526cf534fac73e4af104cfcecaa90e86e664396255336daec9e472"),
                        Map.entry("score", "92ef0fb8e17609f1ef389dadb8cfaf5ac843bbea61e9a1d434af2ae1062dc48b"),
                        Map.entry("select", "1ddd4223f17ca8f7835f72c6ef32b56061630c20c464016dbe5af3b5e7d1f7a4"),
                        Map.entry("summarise", "5d5062d55c41ebac9d07f144f4648d844c487c66b89015f3aef8128aaf9e440c"))));
    }
}
