package org.dualform.dev.pack;

import java.util.LinkedHashMap;
import java.util.Map;

/** The image's labels, by the names of the OCI image specification. */
final class Labels {
    private static final String PREFIX = "org.opencontainers.image.";

    private Labels() {}

    static Map<String, String> of(Release release) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(PREFIX + "title", "dualform-task");
        labels.put(
                PREFIX + "description", "Dualform's tasks: prompt or fine-tune, and how alike are the two? Measured.");
        labels.put(PREFIX + "version", release.version());
        if (!release.revision().isEmpty()) labels.put(PREFIX + "revision", release.revision());
        labels.put(PREFIX + "created", release.created().toString());
        // Our own licence. The lists of components beside the image name those of everything else in it.
        labels.put(PREFIX + "licenses", "Apache-2.0");
        return labels;
    }
}
