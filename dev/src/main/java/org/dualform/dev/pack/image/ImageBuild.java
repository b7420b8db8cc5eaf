package org.dualform.dev.pack.image;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.cli.machine.Fingerprint;
import org.dualform.cli.terminal.Console;

/**
 * Builds the image of the tasks.
 *
 * @param cache keeps its parts for the next time
 * @param log receives what the tools print
 */
public record ImageBuild(Path cache, Path log, Console console) {

    /**
     * Writes the image.
     *
     * @param jar the task jar
     * @param model the folder of the built-in model
     * @param out the archive to write
     * @return what it holds beside the task jar, as far as it was put there by this
     */
    public List<Component> write(
            Base base, Path jar, Path model, Map<String, String> labels, Instant created, String name, Path out)
            throws IOException {
        Staging staging = new Staging(cache.resolve("parts"));
        Map<String, Path> parts = new LinkedHashMap<>();
        Platform platform = Platform.ofThisMachine();
        List<String> options = TaskImage.javaOptions();
        console.progress("  the Java runtime");
        parts.put(
                "java",
                staging.part(
                        "java", JavaRuntime.fingerprint(options), folder -> JavaRuntime.make(folder, options, log)));
        console.progress("  the engine's native libraries and the jars");
        try (TaskJar taken = new TaskJar(jar)) {
            parts.put(
                    "native",
                    staging.part(
                            "native",
                            taken.fingerprintOfNatives(platform),
                            folder -> taken.writeNatives(platform, folder)));
            parts.put(
                    "libraries",
                    staging.part(
                            "libraries",
                            taken.fingerprintOfLibraries(),
                            folder -> taken.writeLibraries(folder.resolve("libraries.jar"))));
            parts.put(
                    "own",
                    staging.part(
                            "own", taken.fingerprintOfOwn(), folder -> taken.writeOwn(folder.resolve("dualform.jar"))));
        }
        parts.put("model", model);
        List<Component> held = new ArrayList<>(List.of(JavaRuntime.component()));
        Base from = base.isOwn() ? ownBase(staging, platform, held) : base;
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.put("org.opencontainers.image.base.name", base.name());
        console.progress("  layers (the first time, compressing them takes half a minute)");
        new TaskImage(cache.resolve("jib")).write(from, parts, all, created, name, out);
        console.clear();
        return held;
    }

    private Base ownBase(Staging staging, Platform platform, List<Component> held) throws IOException {
        console.progress("  the base, of Debian packages");
        List<DebianPackages.Deb> packages = new DebianPackages(cache.resolve("packages")).get(log);
        packages.forEach(each -> held.add(DebianPackages.component(each)));
        Fingerprint fingerprint = new Fingerprint().text(BaseImage.LAYOUT).text(platform.oci());
        packages.forEach(each -> fingerprint.text(each.sha256()));
        Path file = staging.part("base.tar", fingerprint.hex(), to -> BaseImage.write(packages, platform, to));
        return new Base(Base.OWN.name(), "tar://" + file);
    }
}
