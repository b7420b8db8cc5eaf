package org.dualform.dev.pack.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;

/** Puts the image together: its layers, its entry point, its environment and its labels. */
final class TaskImage {
    /** A number, since Kubernetes cannot tell whether a name is root. */
    private static final String USER = "10001:10001";
    /** The group of OpenShift's containers, whose user may be any number: what the user may write, group 0 may too. */
    private static final String OWNER = "10001:0";

    private static final Map<String, String> LAYERS = layers();
    private static final List<String> VOLUMES = List.of("/workspace", "/models", "/data", "/cache");

    private final Path cache;

    /** @param cache keeps compressed layers for the next time */
    TaskImage(Path cache) {
        this.cache = cache;
    }

    /** What is staged under a name, and where it is in the image; the layers that change least come first. */
    private static Map<String, String> layers() {
        Map<String, String> layers = new LinkedHashMap<>();
        layers.put("java", "/opt/java");
        layers.put("native", "/opt/dualform/native");
        layers.put("libraries", "/opt/dualform/libraries");
        layers.put("model", "/opt/dualform/models/mini");
        layers.put("own", "/opt/dualform/own");
        return layers;
    }

    /** Options of the virtual machine, which become part of the Java runtime. */
    static List<String> javaOptions() {
        String natives = "/opt/dualform/native/";
        return List.of(
                // Of the container's memory. Most of a task's is the engine's, which is outside the heap.
                "-XX:MaxRAMPercentage=50",
                "-XX:+ExitOnOutOfMemoryError",
                // Nothing is written to /tmp unasked.
                "-XX:-UsePerfData",
                "-Djava.awt.headless=true",
                "-Dai.djl.offline=true",
                // Otherwise these unpack themselves into /tmp, from where a container often may not run code.
                "-Djna.boot.library.path=" + natives + "jna",
                "-Djna.nounpack=true",
                "-Dorg.xerial.snappy.lib.path=" + natives + "snappy",
                "-DZstdNativePath=" + natives + "zstd/libzstd-jni.so");
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/opt/java/bin:/usr/bin:/bin");
        environment.put("HOME", "/tmp");
        environment.put("LANG", "C.UTF-8");
        // Built-in data sets are written below it, where the tasks of a study that share a workspace find them.
        environment.put("DUALFORM_HOME", "/workspace");
        environment.put("DUALFORM_MODEL_ROOTS", "/models:/opt/dualform/models");
        environment.put("DUALFORM_DATA_ROOTS", "/data");
        environment.put("HF_HOME", "/cache/huggingface");
        environment.put("DJL_CACHE_DIR", "/cache/djl");
        environment.put("PYTORCH_LIBRARY_PATH", "/opt/dualform/native/pytorch");
        // The file: given the folder, version 0.36.0 of the tokenizers fails on a machine without CUDA.
        environment.put("RUST_LIBRARY_PATH", "/opt/dualform/native/tokenizers/libtokenizers.so");
        // As the launcher and the provider set them outside; see there.
        environment.put("OMP_WAIT_POLICY", "passive");
        environment.put("TORCH_CPP_LOG_LEVEL", "ERROR");
        environment.put("MALLOC_MMAP_THRESHOLD_", "268435456");
        environment.put("MALLOC_TRIM_THRESHOLD_", "268435456");
        return environment;
    }

    /**
     * Writes the image as an archive that {@code docker load} reads.
     *
     * @param parts each layer's files, by the names of the layers
     * @param name with its tag
     */
    void write(Base base, Map<String, Path> parts, Map<String, String> labels, Instant created, String name, Path out)
            throws IOException {
        try {
            JibContainerBuilder image = Jib.from(base.reference())
                    .setCreationTime(created)
                    .setUser(USER)
                    .setWorkingDirectory(AbsoluteUnixPath.get("/tmp"))
                    .setEnvironment(environment())
                    .setVolumes(Set.copyOf(
                            VOLUMES.stream().map(AbsoluteUnixPath::get).toList()))
                    .setLabels(labels)
                    .setEntrypoint(
                            "/opt/java/bin/java",
                            "-cp",
                            "/opt/dualform/own/*:/opt/dualform/libraries/*",
                            "org.dualform.task.TaskMain")
                    .setProgramArguments("--help");
            for (Map.Entry<String, String> layer : LAYERS.entrySet()) {
                Path part = parts.get(layer.getKey());
                if (part == null) throw new IllegalArgumentException("no part " + layer.getKey());
                image.addFileEntriesLayer(layer(layer.getKey(), part, layer.getValue()));
            }
            image.addFileEntriesLayer(folders(parts.values().iterator().next()));
            Files.createDirectories(cache);
            image.containerize(Containerizer.to(TarImage.at(out).named(name))
                    .setBaseImageLayersCache(cache.resolve("base"))
                    .setApplicationLayersCache(cache.resolve("layers"))
                    .setOfflineMode(!base.isOfRegistry())
                    .setToolName("dualform"));
        } catch (InvalidImageReferenceException e) {
            throw UserException.usage(
                    "--base " + base.name() + " is not the name of an image: " + e.getMessage() + ".");
        } catch (RegistryException e) {
            throw unreachable(base, e);
        } catch (CacheDirectoryCreationException e) {
            throw new PermanentException("Cannot write to " + cache + ": " + e.getMessage() + ".", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (base.isOfRegistry()) throw unreachable(base, cause);
            String why = cause instanceof NoSuchFileException missing
                    ? "it holds no " + Path.of(missing.getFile()).getFileName() + ", so docker save did not write it."
                    : String.valueOf(cause.getMessage());
            throw UserException.data("The image could not be built upon " + base.name() + ": " + why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException("Interrupted while building the image.", e);
        }
    }

    private static TransientException unreachable(Base base, Throwable e) {
        return new TransientException(
                "The base " + base.name() + " could not be fetched from its registry: " + e
                        + ". Where no registry can be reached, --base takes an archive of docker save.",
                e);
    }

    private static FileEntriesLayer layer(String name, Path part, String place) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        try (Stream<Path> files = Files.walk(part)) {
            for (Path file : files.sorted().toList()) {
                String inside = part.relativize(file).toString();
                AbsoluteUnixPath target = AbsoluteUnixPath.get(place).resolve(inside);
                boolean program = Files.isDirectory(file) || Files.isExecutable(file);
                layer.addEntry(file, target, FilePermissions.fromOctalString(program ? "755" : "644"));
            }
        }
        return layer.build();
    }

    /** The volumes' folders, for containers that mount nothing there. */
    private static FileEntriesLayer folders(Path anyFolder) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("folders");
        for (String volume : VOLUMES) {
            layer.addEntry(
                    anyFolder,
                    AbsoluteUnixPath.get(volume),
                    FilePermissions.fromOctalString("775"),
                    FileEntriesLayer.DEFAULT_MODIFICATION_TIME,
                    OWNER);
        }
        return layer.build();
    }
}
