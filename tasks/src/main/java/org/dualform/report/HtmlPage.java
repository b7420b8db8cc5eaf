package org.dualform.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dualform.report.figure.Picture;
import org.dualform.report.plot.Figure;
import org.owasp.encoder.Encode;

/** Writes one HTML file that needs nothing else. It has no script, fetches nothing, and every text is escaped. */
final class HtmlPage {
    private static final String STYLE = """
            :root { color-scheme: light; }
            body { font: 16px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 76rem; margin: 1.2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
            .about { color: #555; margin: .1rem 0 1rem; }
            .missing { border-left: 4px solid #b00020; background: #fdf0f1; padding: .5rem 1rem; margin-bottom: 1rem; }
            .missing h2 { margin: 0; } .missing ul { margin: 0; }
            .answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(21rem, 1fr)); gap: .8rem; }
            .answer { border: 1px solid #ccc; border-top: 5px solid #777; border-radius: 4px; padding: .5rem .9rem; break-inside: avoid; }
            .answer.prompt { border-top-color: #0072b2; } .answer.fine_tune { border-top-color: #d55e00; } .answer.equivalent { border-top-color: #009e73; }
            .answer h2 { margin: 0; font-size: 1rem; font-weight: 600; color: #444; overflow-wrap: anywhere; }
            .answer .word { display: block; font-size: 1.45rem; line-height: 1.25; color: #111; }
            .answer p { margin: .35rem 0; font-size: .92rem; } .answer .claim { font-size: 1rem; } .answer .caution { color: #7a3b00; }
            .care { font-size: .92rem; color: #333; margin: .9rem 0 0; padding-left: 1.2rem; }
            .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); gap: 1.2rem; }
            figure { margin: 0; max-width: 40rem; break-inside: avoid; }
            figcaption { font-size: .88rem; color: #444; } img { width: 100%; height: auto; }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
            th, td { padding: .22rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid #ddd; }
            th { border-bottom: 2px solid #888; } .left { text-align: left; } .note { font-size: .88rem; color: #444; max-width: 60rem; overflow-wrap: anywhere; }
            details { margin-top: 1rem; } summary { cursor: pointer; font-weight: 600; }
            pre { background: #f5f5f5; padding: .8rem; overflow-x: auto; font-size: .85rem; }
            @media print { details > * { display: block; } }
            """;

    private static final Pattern WEB = Pattern.compile("https?://[^\\s\"'<>]+");

    private static final Pattern INTERVAL = Pattern.compile("(\\[[^\\s\\[\\]]+,) ([^\\s\\[\\]]+])");

    private final StringBuilder out = new StringBuilder();

    HtmlPage(String title) {
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src"
                + " 'unsafe-inline'\">\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        element("title", title);
        out.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
        element("h1", title);
    }

    String end() {
        return out.append("</body>\n</html>\n").toString();
    }

    /** @param tag with its attributes; it must not come from the data */
    void element(String tag, String text) {
        String name = tag.split(" ", 2)[0];
        out.append('<')
                .append(tag)
                .append('>')
                .append(escaped(name.equals("pre") ? text : unbroken(text)))
                .append("</")
                .append(name)
                .append(">\n");
    }

    /** A note that leads to a page. An address that is none of the web's is shown and leads nowhere. */
    void link(String label, String address) {
        if (!WEB.matcher(address).matches()) {
            element("p class=\"note\"", label + ": " + address);
            return;
        }
        out.append("<p class=\"note\">")
                .append(escaped(label))
                .append(": <a rel=\"noopener\" href=\"")
                .append(escaped(address))
                .append("\">")
                .append(escaped(address))
                .append("</a></p>\n");
    }

    void open(String tag) {
        out.append('<').append(tag).append(">\n");
    }

    void close(String name) {
        out.append("</").append(name).append(">\n");
    }

    void list(String attributes, List<String> items) {
        if (items.isEmpty()) return;
        open("ul" + attributes);
        items.forEach(item -> element("li", item));
        close("ul");
    }

    /** @param textColumns how many of the first columns are text */
    void table(List<String> head, List<List<String>> lines, int textColumns) {
        out.append("<div class=\"scroll\"><table>\n<thead><tr>");
        for (int i = 0; i < head.size(); i++)
            out.append(i < textColumns ? "<th scope=\"col\" class=\"left\">" : "<th scope=\"col\">")
                    .append(escaped(head.get(i)))
                    .append("</th>");
        out.append("</tr></thead>\n<tbody>\n");
        for (List<String> line : lines) {
            out.append("<tr>");
            for (int i = 0; i < line.size(); i++)
                out.append(i < textColumns ? "<td class=\"left\">" : "<td>")
                        .append(escaped(line.get(i)))
                        .append("</td>");
            out.append("</tr>\n");
        }
        out.append("</tbody>\n</table></div>\n");
    }

    void figure(Figure figure) {
        Picture picture = figure.picture();
        open("figure");
        Optional<byte[]> svg = Report.drawn(picture::svg);
        if (svg.isPresent()) image(figure.alternative(), picture.width(), picture.height(), svg.get());
        else element("p", "This figure could not be drawn on the machine that made this report.");
        element("figcaption", figure.caption());
        close("figure");
    }

    void image(String alternative, int width, int height, byte[] svg) {
        out.append("<img alt=\"")
                .append(escaped(alternative))
                .append("\" width=\"" + width + "\" height=\"" + height + "\" src=\"data:image/svg+xml;base64,")
                .append(Base64.getEncoder().encodeToString(svg))
                .append("\">\n");
    }

    void json(String title, JsonNode node) {
        open("details");
        element("summary", title);
        element("pre", node.toPrettyString());
        close("details");
    }

    /** No line ends within an interval, or between a number and its unit. */
    private static String unbroken(String text) {
        return INTERVAL.matcher(text).replaceAll("$1\u00a0$2").replace(" %", "\u00a0%");
    }

    private static String escaped(String text) {
        return Encode.forHtml(text);
    }
}
