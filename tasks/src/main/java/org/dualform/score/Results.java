package org.dualform.score;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * {@code results.json}: what an experiment found.
 *
 * @param schema version of the file's layout, 1
 * @param spec the normalised experiment
 * @param provenance versions, machine, hashes, times
 * @param rows one a cell and requested shot count
 * @param summary the same over seeds and orders
 */
public record Results(int schema, JsonNode spec, JsonNode provenance, List<Row> rows, List<SummaryRow> summary) {}
