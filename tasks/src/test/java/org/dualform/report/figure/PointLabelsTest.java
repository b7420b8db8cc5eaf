package org.dualform.report.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PointLabelsTest {
    private final PointLabels labels = new PointLabels();

    @Test
    void textsOfPointsThatNearlyCoincideAreApart() {
        List<Rectangle2D> places = new ArrayList<>();
        for (int i = 0; i < 4; i++) labels.avoid(100 + i, 80, 120);
        for (int i = 0; i < 4; i++) places.add(labels.place("1" + i, 100 + i, 100));
        for (Rectangle2D place : places) {
            assertThat(places).filteredOn(place::intersects).containsExactly(place);
            assertThat(place.intersects(95, 80, 13, 40))
                    .as("covers no point: " + place)
                    .isFalse();
        }
    }

    @Test
    void aTextAloneStandsAboveAndToTheRight() {
        Rectangle2D place = labels.place("8", 100, 100);
        assertThat(place.getMinX()).isEqualTo(108);
        assertThat(place.getMaxY()).isEqualTo(94);
    }
}
