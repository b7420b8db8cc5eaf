package org.dualform.hub.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a repository on the hub: {@code org/name}, or {@code org/name:config} for a data set, followed by {@code
 * @revision} unless {@value #MAIN} is meant.
 *
 * @param id {@code org/name}
 * @param config the configuration of a data set, if one was named
 * @param revision a branch, tag or commit
 */
public record HubName(RepoKind kind, String id, Optional<String> config, String revision) {
    static final String MAIN = "main";

    private static final String PART = "[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?";
    private static final Pattern NAME =
            Pattern.compile("(" + PART + "/" + PART + ")(?::([\\w.+-]+))?(?:@([\\w.][\\w./-]*))?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int LONGEST = 96;

    /** The name, if the reference has the form of one. A path such as {@code ./model} or {@code a/b/c} does not. */
    public static Optional<HubName> parse(RepoKind kind, String reference) {
        Matcher matcher = NAME.matcher(reference);
        if (!matcher.matches()) return Optional.empty();
        String id = matcher.group(1);
        // The cache joins the parts with "--", and ".." would lead out of its folder.
        boolean unsafe = id.contains("--") || reference.contains("..") || id.length() > LONGEST;
        Optional<String> config = Optional.ofNullable(matcher.group(2));
        if (unsafe || (kind == RepoKind.MODEL && config.isPresent())) return Optional.empty();
        String revision = matcher.group(3);
        return Optional.of(new HubName(kind, id, config, revision == null ? MAIN : revision));
    }

    /** The forms that people may write, for messages. */
    public static String form(RepoKind kind) {
        return kind == RepoKind.MODEL ? "org/name[@revision]" : "org/name[:config][@revision]";
    }

    public boolean isCommit() {
        return COMMIT.matcher(revision).matches();
    }

    /** The name of the repository's folder in the cache. */
    public String cacheFolder() {
        return kind.plural() + "--" + id.replace("/", "--");
    }

    /** The part after the slash. */
    public String shortName() {
        return id.substring(id.indexOf('/') + 1);
    }

    @Override
    public String toString() {
        return id + config.map(c -> ":" + c).orElse("") + (revision.equals(MAIN) ? "" : "@" + revision);
    }
}
