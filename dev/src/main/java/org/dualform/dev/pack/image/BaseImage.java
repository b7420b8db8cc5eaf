package org.dualform.dev.pack.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;

/**
 * The base of the image: the C and C++ libraries and the fonts, and neither a shell nor a package manager. It is
 * written in the format of {@code docker save}, which a base of anyone else's has too.
 *
 * <p>Equal packages give equal bytes: entries are sorted, and every time is the same.
 */
final class BaseImage {
    /** Part of the fingerprint of what is written; a change here needs another number. */
    static final String LAYOUT = "1";

    /** Left out: what only compilers, people at a shell and converters of character sets read. */
    private static final Pattern UNUSED = Pattern.compile("usr/share/(man|locale|info|lintian|bug|menu|doc-base|gcc)/.*"
            + "|usr/share/doc/(?!.*/copyright$)[^/]+/.+"
            + "|usr/share/xml/.*|usr/share/fontconfig/.*"
            + "|(usr/)?lib/[^/]+/(gconv|audit)/.*"
            + "|usr/share/fonts/truetype/dejavu/DejaVu(Serif|SansMono).*"
            + "|etc/(issue|issue\\.net|motd|update-motd\\.d/.*|profile\\.d/.*|dpkg/.*)|usr/share/base-files/.*"
            + "|(mnt|media|srv|opt|home|boot|var/(backups|local|mail|opt|spool))/?");

    private static final String PASSWD = """
            root:x:0:0:root:/:/sbin/nologin
            nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
            dualform:x:10001:10001:Dualform:/tmp:/sbin/nologin
            """;
    private static final String GROUP = """
            root:x:0:
            nogroup:x:65534:
            dualform:x:10001:
            """;

    private final Map<String, Item> items = new TreeMap<>();

    /** A file, folder or link. */
    private static final class Item {
        private final TarArchiveEntry entry;
        private final byte[] content;

        Item(TarArchiveEntry entry, byte[] content) {
            this.entry = entry;
            this.content = content;
        }
    }

    private BaseImage() {}

    /** Writes the archive. */
    static void write(List<DebianPackages.Deb> packages, Platform platform, Path file) throws IOException {
        BaseImage image = new BaseImage();
        for (DebianPackages.Deb each : packages) image.add(each);
        image.addOwn();
        byte[] layer = image.layer();
        Files.createDirectories(file.getParent());
        writeArchive(layer, platform, file);
    }

    private void add(DebianPackages.Deb each) throws IOException {
        DebianPackages.read(each, (entry, content) -> {
            String name = entry.getName().replaceFirst("^\\./", "");
            if (name.isEmpty() || UNUSED.matcher(name).matches()) return;
            items.putIfAbsent(name, new Item(entry, content));
        });
        // Where scanners of images look for what a base without a package manager holds.
        String control = DebianPackages.control(each);
        addText("var/lib/dpkg/status.d/" + DebianPackages.field(control, "Package"), control);
    }

    private void addOwn() {
        addText("etc/passwd", PASSWD);
        addText("etc/group", GROUP);
        addText("etc/nsswitch.conf", "hosts: files dns\n");
        for (String folder : List.of("dev/", "proc/", "sys/", "run/")) addFolder(folder, 0755);
        for (String folder : List.of("tmp/", "var/tmp/")) addFolder(folder, 01777);
    }

    private void addText(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(0644);
        items.put(name, new Item(entry, bytes));
    }

    private void addFolder(String name, int mode) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        items.put(name, new Item(entry, new byte[0]));
    }

    private byte[] layer() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(bytes)) {
            for (Map.Entry<String, Item> named : items.entrySet()) {
                TarArchiveEntry entry = copy(named.getKey(), named.getValue().entry);
                entry.setSize(named.getValue().content.length);
                tar.putArchiveEntry(entry);
                tar.write(named.getValue().content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static TarArchiveEntry copy(String name, TarArchiveEntry from) {
        boolean link = from.isSymbolicLink() || from.isLink();
        TarArchiveEntry entry = link
                ? new TarArchiveEntry(name, from.isLink() ? TarConstants.LF_LINK : TarConstants.LF_SYMLINK)
                : new TarArchiveEntry(name);
        if (link) entry.setLinkName(from.getLinkName().replaceFirst("^\\./", ""));
        entry.setMode(from.getMode() & 07777);
        return root(entry);
    }

    /** Owned by root, and of the same time always; by itself, an entry names the user who writes it. */
    private static TarArchiveEntry root(TarArchiveEntry entry) {
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setModTime(0);
        return entry;
    }

    private static void writeArchive(byte[] layer, Platform platform, Path file) throws IOException {
        byte[] config = config(layer, platform);
        String name = Sha256.hex(config) + ".json";
        ArrayNode manifest = Json.mapper().createArrayNode();
        ObjectNode image = manifest.addObject();
        image.put("Config", name);
        image.putArray("RepoTags").add("dualform-base:latest");
        image.putArray("Layers").add("layer.tar");
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = tar(out)) {
            put(tar, name, config);
            put(tar, "layer.tar", layer);
            put(tar, "manifest.json", Json.mapper().writeValueAsBytes(manifest));
        }
    }

    private static byte[] config(byte[] layer, Platform platform) throws IOException {
        ObjectNode config = Json.mapper().createObjectNode();
        config.put("architecture", platform.oci());
        config.put("os", "linux");
        config.put("created", "1970-01-01T00:00:00Z");
        config.putObject("config");
        ObjectNode root = config.putObject("rootfs");
        root.put("type", "layers");
        root.putArray("diff_ids").add("sha256:" + Sha256.hex(layer));
        config.putArray("history")
                .addObject()
                .put("created", "1970-01-01T00:00:00Z")
                .put("created_by", "dualform package: the base");
        return Json.mapper().writeValueAsBytes(config);
    }

    private static TarArchiveOutputStream tar(OutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        return tar;
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = root(new TarArchiveEntry(name));
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
