package org.dualform.dev.pack.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskJarTest {
    private static final List<String> NATIVE = List.of(
            "pytorch/cpu/linux-x86_64/libtorch.so",
            "pytorch/cpu/linux-x86_64/libgomp-98b21ff3.so.1",
            "jnilib/linux-x86_64/cpu/libdjl_torch.so",
            "native/lib/linux-x86_64/cpu/libtokenizers.so",
            "com/sun/jna/linux-x86-64/libjnidispatch.so",
            "org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so",
            "linux/amd64/libzstd-jni-1.5.7-15.so");
    private static final List<String> OTHERS = List.of(
            "META-INF/MANIFEST.MF",
            "META-INF/services/a.Service",
            "org/dualform/task/TaskMain.class",
            "com/other/Library.class",
            "native/lib/tokenizers.properties",
            "native/lib/win-x86_64/cpu/tokenizers.dll",
            "linux/arm/libzstd-jni-1.5.7-15.so");

    @TempDir
    Path folder;

    private Path jar(List<String> names, String content) throws IOException {
        Path file = folder.resolve("task.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write((content + name).getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return file;
    }

    private static List<String> all() {
        return Stream.concat(NATIVE.stream(), OTHERS.stream()).toList();
    }

    private static List<String> names(Path zip) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            return file.stream().map(ZipEntry::getName).sorted().toList();
        }
    }

    @Test
    void ownClassesAndLibrariesArePutApartWithoutNativeCode() throws IOException {
        try (TaskJar jar = new TaskJar(jar(all(), ""))) {
            jar.writeOwn(folder.resolve("own/own.jar"));
            jar.writeLibraries(folder.resolve("libraries/libraries.jar"));
        }
        assertThat(names(folder.resolve("own/own.jar")))
                .containsExactly("META-INF/MANIFEST.MF", "org/dualform/task/TaskMain.class");
        assertThat(names(folder.resolve("libraries/libraries.jar")))
                .containsExactly(
                        "META-INF/MANIFEST.MF",
                        "META-INF/services/a.Service",
                        "com/other/Library.class",
                        "native/lib/tokenizers.properties");
    }

    @Test
    void nativeLibrariesOfOnePlatformBecomeFiles() throws IOException {
        Path natives = folder.resolve("native");
        try (TaskJar jar = new TaskJar(jar(all(), ""))) {
            jar.writeNatives(Platform.AMD64, natives);
        }
        try (Stream<Path> files = Files.walk(natives)) {
            assertThat(files.filter(Files::isRegularFile).map(file -> natives.relativize(file) + ""))
                    .containsExactlyInAnyOrder(
                            "pytorch/libtorch.so",
                            "pytorch/libgomp-98b21ff3.so.1",
                            "pytorch/libdjl_torch.so",
                            "tokenizers/libtokenizers.so",
                            "jna/libjnidispatch.so",
                            "snappy/libsnappyjava.so",
                            "zstd/libzstd-jni.so");
        }
        assertThat(natives.resolve("zstd/libzstd-jni.so")).hasContent("linux/amd64/libzstd-jni-1.5.7-15.so");
    }

    @Test
    void aJarOfAnotherPlatformIsRefused() throws IOException {
        try (TaskJar jar = new TaskJar(jar(all(), ""))) {
            assertThatThrownBy(() -> jar.writeNatives(Platform.ARM64, folder.resolve("native")))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("pytorch/cpu/linux-aarch64/")
                    .hasMessageContaining("-Ddjl.natives=linux-aarch64");
        }
    }

    @Test
    void eachFingerprintFollowsItsOwnPart() throws IOException {
        List<String> first = fingerprints(jar(all(), "a"));
        assertThat(fingerprints(jar(all(), "a"))).isEqualTo(first);
        List<String> more = Stream.concat(all().stream(), Stream.of("org/dualform/New.class"))
                .toList();
        List<String> second = fingerprints(jar(more, "a"));
        assertThat(second.get(0)).isNotEqualTo(first.get(0));
        assertThat(second.subList(1, 3)).isEqualTo(first.subList(1, 3));
    }

    private static List<String> fingerprints(Path file) throws IOException {
        try (TaskJar jar = new TaskJar(file)) {
            return List.of(
                    jar.fingerprintOfOwn(), jar.fingerprintOfLibraries(), jar.fingerprintOfNatives(Platform.AMD64));
        }
    }
}
