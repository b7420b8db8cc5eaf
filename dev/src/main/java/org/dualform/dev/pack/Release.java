package org.dualform.dev.pack;

import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dualform.cli.machine.Home;
import org.dualform.cli.machine.Shell;
import org.dualform.task.run.Provenance;
import org.jspecify.annotations.Nullable;

/**
 * What is packaged.
 *
 * @param version as pom.xml states it
 * @param revision the commit, with {@code -dirty} where files differ from it; empty outside a repository
 * @param created the commit's time, so that equal commits give equal files; else the time that the jars have
 */
public record Release(String version, String revision, Instant created) {
    /** That of every entry of our jars, {@code project.build.outputTimestamp} in pom.xml. */
    private static final Instant OF_JARS = Instant.parse("2026-01-01T00:00:00Z");

    static Release find(Home home) {
        String version = Provenance.versions().path("dualform").asText();
        String commit = git(home.root(), "rev-parse", "HEAD").orElse("");
        boolean changed = !git(home.root(), "status", "--porcelain", "--untracked-files=no")
                .orElse("")
                .isEmpty();
        Instant created = git(home.root(), "log", "-1", "--format=%cI")
                .map(text -> OffsetDateTime.parse(text).toInstant())
                .orElse(OF_JARS);
        return new Release(version, commit.isEmpty() || !changed ? commit : commit + "-dirty", created);
    }

    private static Optional<String> git(Path root, String... words) {
        List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
        command.addAll(List.of(words));
        @Nullable String printed = Shell.output(command);
        return Optional.ofNullable(printed).map(String::trim);
    }
}
