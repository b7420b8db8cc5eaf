package org.dualform.verify;

import java.util.stream.Stream;

/** The models with reference values: one or more of every family, in the folder golden of the test assets. */
public final class GoldenNames {
    private GoldenNames() {}

    /** For {@code @MethodSource("org.dualform.verify.GoldenNames#all")}. */
    public static Stream<String> all() {
        return Stream.of(
                "bloom",
                "bloom_hub",
                "gemma",
                "gemma2",
                "gemma3_text",
                "gpt2",
                "gpt2_hub",
                "gpt_neo",
                "gpt_neox",
                "gptj",
                "granite",
                "llama",
                "llama_gqa",
                "mistral",
                "olmo2",
                "opt",
                "phi",
                "phi3",
                "phi3_longrope",
                "qwen2",
                "qwen3",
                "smollm3",
                "stablelm",
                "stablelm_parallel",
                "starcoder2",
                "xglm");
    }
}
