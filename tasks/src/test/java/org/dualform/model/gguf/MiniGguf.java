package org.dualform.model.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dualform.gguf.GgufWriter;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;
import org.dualform.safetensors.Widen;

/** The built-in model as a GGUF file, as llama.cpp's converter would write it, with a vocabulary of single bytes. */
public final class MiniGguf {
    public static final Path FOLDER = Path.of(System.getProperty("dualform.root", ".."))
            .resolve("models/mini")
            .toAbsolutePath()
            .normalize();

    private static final int HEADS = 4;
    private static final int WORDS = 411;
    private static final List<List<String>> NAMES = List.of(
            List.of("model.embed_tokens", "token_embd"),
            List.of("model.norm", "output_norm"),
            List.of("model.layers.", "blk."),
            List.of("input_layernorm", "attn_norm"),
            List.of("post_attention_layernorm", "ffn_norm"),
            List.of("self_attn.q_proj", "attn_q"),
            List.of("self_attn.k_proj", "attn_k"),
            List.of("self_attn.v_proj", "attn_v"),
            List.of("self_attn.o_proj", "attn_output"),
            List.of("mlp.gate_proj", "ffn_gate"),
            List.of("mlp.up_proj", "ffn_up"),
            List.of("mlp.down_proj", "ffn_down"));

    private MiniGguf() {}

    public static GgufWriter writer() throws IOException {
        GgufWriter writer = metadata();
        SafetensorsFile stored = SafetensorsFile.open(FOLDER.resolve("model.safetensors"));
        try (FileChannel channel = FileChannel.open(stored.path())) {
            for (StoredTensor tensor : stored.tensors().values()) {
                ByteBuffer bytes = ByteBuffer.allocate((int) tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
                while (bytes.hasRemaining()) channel.read(bytes, tensor.begin() + bytes.position());
                float[] numbers = Widen.toFloats(bytes.flip(), tensor.type(), (int) tensor.size());
                String name = tensor.name();
                for (List<String> pair : NAMES) name = name.replace(pair.get(0), pair.get(1));
                boolean paired = name.contains("attn_q.") || name.contains("attn_k.");
                writer.floats(name, paired ? paired(numbers, tensor.dimensions()) : numbers, tensor.dimensions());
            }
        }
        return writer;
    }

    private static GgufWriter metadata() {
        List<String> tokens = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i < WORDS; i++) {
            boolean letter = i >= '!' && i <= '~';
            tokens.add(i == 0 ? "<bos>" : i == 1 ? "<eos>" : letter ? String.valueOf((char) i) : "[" + i + "]");
            types.add(i < 2 ? 3 : 1);
        }
        tokens.set(32, "Ġ");
        tokens.set(10, "Ċ");
        return new GgufWriter()
                .put("general.architecture", "llama")
                .put("llama.context_length", 1024)
                .put("llama.embedding_length", 128)
                .put("llama.block_count", 3)
                .put("llama.feed_forward_length", 256)
                .put("llama.attention.head_count", HEADS)
                .put("llama.attention.head_count_kv", HEADS)
                .put("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .put("llama.rope.freq_base", 10000f)
                .put("llama.rope.dimension_count", 32)
                .put("tokenizer.ggml.model", "gpt2")
                .put("tokenizer.ggml.pre", "gpt-2")
                .put("tokenizer.ggml.tokens", tokens)
                .put("tokenizer.ggml.token_type", types)
                .put("tokenizer.ggml.merges", List.of())
                .put("tokenizer.ggml.bos_token_id", 0)
                .put("tokenizer.ggml.eos_token_id", 1);
    }

    /** Rows of each head in the order of rotation of neighbours: the first of each half, the second of each half, … */
    private static float[] paired(float[] numbers, long[] shape) {
        int rows = (int) shape[0];
        int width = (int) shape[1];
        int half = rows / HEADS / 2;
        float[] out = new float[numbers.length];
        for (int to = 0; to < rows; to++) {
            int head = to / (2 * half);
            int from = head * 2 * half + to % 2 * half + to % (2 * half) / 2;
            System.arraycopy(numbers, from * width, out, to * width, width);
        }
        return out;
    }
}
