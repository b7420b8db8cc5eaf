package org.dualform.report.plot;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What an SVG document shows, read back from its shapes: their colours and places in pixels. The grid lines tell which
 * pixel is which value, so that nothing of the drawing's own scales is used.
 */
final class DrawnSvg {
    static final String ZSL = "rgb(89,89,89)";
    static final String ICL = "rgb(0,114,178)";
    static final String FT = "rgb(213,94,0)";
    private static final String GRID = "rgb(221,221,221)";
    private static final Pattern POINT = Pattern.compile("(-?[0-9.]+(?:E-?\\d+)?),(-?[0-9.]+(?:E-?\\d+)?)");

    /** A point in pixels, from the top left. */
    record Pixel(double x, double y) {}

    /** A shape with its outermost points; for a line its two ends, for a path every point. */
    record Shape(String tag, String fill, String stroke, double opacity, double strokeWidth, List<Pixel> points) {
        double left() {
            return points.stream().mapToDouble(Pixel::x).min().orElseThrow();
        }

        double right() {
            return points.stream().mapToDouble(Pixel::x).max().orElseThrow();
        }

        double top() {
            return points.stream().mapToDouble(Pixel::y).min().orElseThrow();
        }

        double bottom() {
            return points.stream().mapToDouble(Pixel::y).max().orElseThrow();
        }

        Pixel middle() {
            return new Pixel((left() + right()) / 2, (top() + bottom()) / 2);
        }
    }

    private final List<Shape> shapes = new ArrayList<>();

    DrawnSvg(byte[] svg) throws Exception {
        DocumentBuilderFactory parser = DocumentBuilderFactory.newInstance();
        parser.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        NodeList all =
                parser.newDocumentBuilder().parse(new ByteArrayInputStream(svg)).getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            List<Pixel> points = points(element);
            if (points.isEmpty()) continue;
            Map<String, String> style = style(element);
            shapes.add(new Shape(
                    element.getTagName(),
                    style.getOrDefault("fill", "none"),
                    style.getOrDefault("stroke", "none"),
                    Double.parseDouble(style.getOrDefault("fill-opacity", "1")),
                    Double.parseDouble(style.getOrDefault("stroke-width", "1")),
                    points));
        }
    }

    List<Shape> shapes() {
        return shapes;
    }

    /** Middles of the marks of a colour that lie above the axis, from left to right; marks are 8 to 11 pixels wide. */
    List<Pixel> marks(String color) {
        double axis = gridLines().get(0);
        return shapes.stream()
                .filter(s -> s.fill().equals(color) && s.opacity() == 1)
                .filter(s -> s.points().size() <= 5 && s.right() - s.left() > 7.9 && s.right() - s.left() < 10.5)
                .map(Shape::middle)
                .filter(middle -> middle.y() <= axis + .5)
                .sorted(Comparator.comparingDouble(Pixel::x))
                .toList();
    }

    /** Heights of the grid lines, the lowest line first. */
    List<Double> gridLines() {
        return shapes.stream()
                .filter(s -> s.stroke().equals(GRID) || s.fill().equals(GRID))
                .filter(s -> s.right() - s.left() > 300)
                .map(s -> s.middle().y())
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** The value at a height, where the lowest and the highest grid line stand for these values. */
    double value(double y, double lowest, double highest) {
        List<Double> grid = gridLines();
        double bottom = grid.get(0);
        double top = grid.get(grid.size() - 1);
        return lowest + (bottom - y) / (bottom - top) * (highest - lowest);
    }

    private static Map<String, String> style(Element element) {
        Map<String, String> style = new HashMap<>();
        for (String part : element.getAttribute("style").split(";")) {
            String[] pair = part.split(":", 2);
            if (pair.length == 2) style.put(pair[0].trim(), pair[1].trim());
        }
        return style;
    }

    private static List<Pixel> points(Element e) {
        return switch (e.getTagName()) {
            case "line" -> List.of(pixel(e, "x1", "y1"), pixel(e, "x2", "y2"));
            case "rect" -> {
                Pixel corner = pixel(e, "x", "y");
                yield List.of(corner, new Pixel(corner.x() + number(e, "width"), corner.y() + number(e, "height")));
            }
            case "ellipse" -> {
                Pixel centre = pixel(e, "cx", "cy");
                yield List.of(
                        new Pixel(centre.x() - number(e, "rx"), centre.y() - number(e, "ry")),
                        new Pixel(centre.x() + number(e, "rx"), centre.y() + number(e, "ry")));
            }
            case "path" -> {
                List<Pixel> points = new ArrayList<>();
                Matcher matcher = POINT.matcher(e.getAttribute("d"));
                while (matcher.find())
                    points.add(new Pixel(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2))));
                yield points;
            }
            default -> List.of();
        };
    }

    private static Pixel pixel(Element e, String x, String y) {
        return new Pixel(number(e, x), number(e, y));
    }

    private static double number(Element e, String name) {
        return Double.parseDouble(e.getAttribute(name));
    }
}
