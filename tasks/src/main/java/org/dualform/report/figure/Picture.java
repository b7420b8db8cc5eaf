package org.dualform.report.figure;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/**
 * A drawing of a fixed size.
 *
 * @param width in pixels, as shown
 * @param paint draws it
 */
public record Picture(int width, int height, Consumer<Canvas> paint) {
    private static final int SCALE = 2;
    private static final int COLUMNS = 2;

    /** An SVG document; its text is drawn as outlines. */
    public byte[] svg() throws IOException {
        VectorGraphics2D graphics = new VectorGraphics2D();
        paint.accept(new Canvas(graphics));
        Document document =
                Processors.get("svg").getDocument(graphics.getCommands(), new PageSize(0, 0, width, height));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        document.writeTo(out);
        return out.toByteArray();
    }

    /** Several pictures in one PNG, two in each row, at twice the size of the SVG. */
    public static byte[] png(List<Picture> pictures) throws IOException {
        int width = pictures.stream().mapToInt(Picture::width).max().orElse(1);
        int height = pictures.stream().mapToInt(Picture::height).max().orElse(1);
        int columns = Math.max(1, Math.min(COLUMNS, pictures.size()));
        int rows = Math.max(1, (pictures.size() + columns - 1) / columns);
        BufferedImage image =
                new BufferedImage(SCALE * columns * width, SCALE * rows * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.scale(SCALE, SCALE);
        for (int i = 0; i < pictures.size(); i++) {
            Graphics2D place = (Graphics2D) graphics.create();
            place.translate((i % columns) * width, (i / columns) * height);
            pictures.get(i).paint.accept(new Canvas(place));
            place.dispose();
        }
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
