package org.dualform.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class GridTest {
    private static List<Cell> cells(String spec) throws Exception {
        return Grid.of(Experiment.fromJson(new ObjectMapper().readTree(spec.replace('\'', '"'))))
                .cells();
    }

    @Test
    void cellsHaveSafeIdsAndReadableNames() throws Exception {
        List<Cell> cells = cells("{'model': '/models/story 15M', 'datasets': 'sst2,/data/my set.csv', 'seeds': '1,2'}");
        assertThat(cells)
                .extracting(Cell::name)
                .containsExactly("sst2 · seed 1", "sst2 · seed 2", "my-set · seed 1", "my-set · seed 2");
        assertThat(cells)
                .extracting(Cell::id)
                .contains("story-15M-my-set-s2-o0-main")
                .allMatch(id -> id.matches("[\\w.-]+"));
    }

    @Test
    void ordersShowInTheNameOnlyWhereTheyDiffer() throws Exception {
        assertThat(cells("{'model': 'm', 'datasets': 'd', 'seeds': '0', 'orders': '0,2'}"))
                .extracting(Cell::name)
                .containsExactly("d · seed 0 · order 0", "d · seed 0 · order 2");
    }

    @Test
    void dataSetsOfTheSameNameStayApart() throws Exception {
        List<Cell> cells = cells("{'model': 'm', 'datasets': 'a/sst2,b/sst2,b/SST2/', 'seeds': '1'}");
        assertThat(cells.stream().map(cell -> cell.id().toLowerCase(java.util.Locale.ROOT)))
                .doesNotHaveDuplicates();
        assertThat(cells).extracting(Cell::name).doesNotHaveDuplicates();
    }
}
