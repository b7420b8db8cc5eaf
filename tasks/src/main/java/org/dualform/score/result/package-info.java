/**
 * What is written of a study: rows, summary and answers of results.json, lines of examples.jsonl, entries of layers.json. Plain
 * values, read and written by Jackson.
 */
@NullMarked
package org.dualform.score.result;

import org.jspecify.annotations.NullMarked;
