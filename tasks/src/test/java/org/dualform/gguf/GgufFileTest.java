package org.dualform.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.dualform.base.FileTree;
import org.dualform.contract.UserException;

/** Tests headers that are right, headers that lie, and thousands that are broken at random. */
class GgufFileTest {
    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("gguf");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        FileTree.delete(folder);
    }

    private static GgufWriter writer() {
        return new GgufWriter()
                .put("general.architecture", "llama")
                .put("llama.block_count", 3)
                .put("x.share", 0.5f)
                .put("x.on", true)
                .put("tokens", List.of("a", "é", "😀"))
                .put("scores", List.of(0f, -1f, -2f))
                .floats("a", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
                .tensor("b", GgufType.Q8_0, new byte[68], 2, 32)
                .floats("c", new float[] {7}, 1);
    }

    private static Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("model.gguf"), bytes);
    }

    private static void assertRefused(byte[] bytes, String... words) throws IOException {
        Path file = write(bytes);
        assertThatThrownBy(() -> GgufFile.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("model.gguf")
                .hasMessageContainingAll(words);
    }

    /** The place of a text in a file's bytes. */
    private static int find(byte[] in, String text) {
        byte[] wanted = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int i = 0; i < in.length - wanted.length; i++)
            if (Arrays.equals(in, i, i + wanted.length, wanted, 0, wanted.length)) return i;
        throw new AssertionError("not there: " + text);
    }

    private static byte[] with(int at, long value, int width) {
        return with(writer().bytes(), at, value, width);
    }

    private static byte[] with(byte[] bytes, int at, long value, int width) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (width == 8) buffer.putLong(at, value);
        else buffer.putInt(at, (int) value);
        return bytes;
    }

    @Example
    void whatWasWrittenIsRead() throws IOException {
        GgufFile file = GgufFile.open(write(writer().bytes()));
        assertThat(file.files()).containsExactly(file.path());
        assertThat(file.value("general.architecture").asText()).isEqualTo("llama");
        assertThat(file.value("llama.block_count").asInt()).isEqualTo(3);
        assertThat(file.value("x.share").floatValue()).isEqualTo(0.5f);
        assertThat(file.value("x.on").booleanValue()).isTrue();
        assertThat(file.value("tokens").toString()).isEqualTo("[\"a\",\"é\",\"😀\"]");
        assertThat(file.value("nothing").isMissingNode()).isTrue();
        assertThat(file.tensors().keySet()).containsExactly("a", "b", "c");
        GgufTensor a = file.tensors().get("a");
        assertThat(a.shape()).containsExactly(2L, 3L);
        float[] row = new float[3];
        try (FileChannel channel = FileChannel.open(a.file())) {
            a.read(channel, 1, 1, row, 0);
        }
        assertThat(row).containsExactly(4, 5, 6);
        assertThat(GgufFile.open(write(writer().version(2).bytes())).tensors()).hasSize(3);
    }

    @Example
    void otherFormatsAndVersionsAreRefusedByName() throws IOException {
        assertRefused(new byte[0], "does not begin with the letters GGUF");
        assertRefused("GGML, or something else".getBytes(java.nio.charset.StandardCharsets.UTF_8), "another format");
        assertRefused(writer().version(1).bytes(), "version 1", "2 and 3 are read");
        assertRefused(writer().version(4).bytes(), "version 4", "2 and 3 are read");
        assertRefused(writer().version(Integer.reverseBytes(3)).bytes(), "big-endian");
    }

    @Example
    void aFileThatIsCutShortSaysSo() throws IOException {
        byte[] whole = writer().bytes();
        int header = writer().header().length;
        for (int length = 4; length < header; length++)
            assertRefused(Arrays.copyOf(whole, length), "Download it again");
        for (int length = header; length < whole.length - 31; length++)
            assertRefused(Arrays.copyOf(whole, length), "cut short");
    }

    @Example
    void countsAndLengthsThatLieAreRefusedBeforeAnythingIsAllocated() throws IOException {
        for (long lie : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 1L << 31}) {
            assertRefused(with(8, lie, 8), "tensors");
            assertRefused(with(16, lie, 8), "metadata");
            assertRefused(with(24, lie, 8), "a key of the metadata", "bytes");
            assertRefused(with(find(writer().bytes(), "tokens") + 6 + 4 + 4, lie, 8), "elements of tokens");
        }
        int dimensions = writer().header().length - (4 + 8 + 4 + 8);
        assertRefused(with(dimensions, 5, 4), "dimensions of the tensor c");
        assertRefused(with(dimensions + 4, 1L << 60, 8), "tensor c", "which no file");
        assertRefused(with(dimensions + 4, 0, 8), "tensor c", "which no file");
        assertRefused(with(dimensions + 4, 1000, 8), "tensor c", "4000 bytes", "cut short");
        assertRefused(with(dimensions + 4 + 8 + 4, 1L << 50, 8), "tensor c", "cut short");
        assertRefused(with(dimensions + 4 + 8 + 4, 7, 8), "tensor c", "no multiple of 32");
        assertRefused(with(dimensions + 4 + 8 + 4, 0, 8), "overlaps");
        assertRefused(with(find(writer().bytes(), "tokens") + 6, 77, 4), "unknown type 77", "tokens");
    }

    @Example
    void typesThatAreNotReadAreNamedWithTheWayOut() throws IOException {
        int type = writer().header().length - (4 + 8);
        assertRefused(
                with(type, 23, 4), "1 tensor has the element type IQ4_XS, as c", "Q6_K", "Take a file of another");
        assertRefused(with(type, 99, 4), "element type number 99");
        assertRefused(with(type, GgufType.Q4_K.id(), 4), "no whole blocks of 256 (Q4_K)");
    }

    @Example
    void alignmentIsCheckedAndUsed() throws IOException {
        assertThat(GgufFile.open(write(writer().put("general.alignment", 32).bytes()))
                        .tensors())
                .hasSize(3);
        for (int wrong : new int[] {0, 4, 12, 1 << 30})
            assertRefused(writer().put("general.alignment", wrong).bytes(), "alignment " + wrong);
    }

    @Example
    void aSplitModelIsReadFromAnyOfItsParts() throws IOException {
        Path first = folder.resolve("m-00001-of-00002.gguf");
        Path second = folder.resolve("m-00002-of-00002.gguf");
        GgufWriter one = new GgufWriter().put("general.architecture", "llama").floats("a", new float[] {1}, 1);
        one.put("split.no", (short) 0).put("split.count", (short) 2).write(first);
        assertThatThrownBy(() -> GgufFile.open(first))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The part " + second + " of the split model is missing");
        GgufWriter two = new GgufWriter().put("split.no", (short) 1).put("split.count", (short) 2);
        two.floats("b", new float[] {2}, 1).write(second);
        for (Path named : List.of(first, second)) {
            GgufFile file = GgufFile.open(named);
            assertThat(file.files()).containsExactly(first, second);
            assertThat(file.tensors().keySet()).containsExactly("a", "b");
            assertThat(file.value("general.architecture").asText()).isEqualTo("llama");
        }
        two.put("split.no", (short) 0).write(second);
        assertThatThrownBy(() -> GgufFile.open(first)).hasMessageContaining("says that it is part 1 of 2");
        Path renamed = Files.move(first, folder.resolve("renamed.gguf"));
        assertThatThrownBy(() -> GgufFile.open(renamed)).hasMessageContaining("its name says 1 of 1");
    }

    @Tag("slow")
    @Property(tries = 6000)
    void mutatedHeadersAreReadOrRefused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = writer().bytes();
        int header = writer().header().length;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(header);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> with(bytes, Math.min(at, header - 8), random.nextLong() >> random.nextInt(64), 8);
            }
        }
        if (random.nextInt(5) == 0) bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        Path file = write(bytes);
        try {
            for (GgufTensor tensor : GgufFile.open(file).tensors().values()) {
                assertThat(tensor.begin() + tensor.bytes()).isLessThanOrEqualTo(bytes.length);
                float[] numbers = new float[(int) tensor.size()];
                try (FileChannel channel = FileChannel.open(file)) {
                    tensor.read(channel, 0, (int) tensor.rows(), numbers, 0);
                }
            }
        } catch (UserException e) {
            assertThat(e).hasMessageContaining("model.gguf");
        }
    }
}
