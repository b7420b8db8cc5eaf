package org.dualform.dev.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.PermanentException;
import org.dualform.model.LanguageModel;

/** Reads the resident memory of this process from Linux's {@code /proc/self/status}. */
public final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /** Bytes resident now. */
    public static long now() {
        return bytes("VmRSS:");
    }

    /** The most bytes that were ever resident. */
    public static long peak() {
        return bytes("VmHWM:");
    }

    /** Bytes resident now that belong to no file. */
    public static long anonymous() {
        return bytes("RssAnon:");
    }

    /** Bytes of a model's weight files. */
    public static long fileBytes(LanguageModel model) {
        return model.checkpoint().files().stream()
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    private static long bytes(String field) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(field)) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            throw new PermanentException(STATUS + " has no line " + field + "; memory cannot be measured here.", null);
        } catch (IOException e) {
            throw new PermanentException(
                    "MemoryBenchmark is measured on Linux only: " + STATUS + " cannot be read.", e);
        }
    }
}
