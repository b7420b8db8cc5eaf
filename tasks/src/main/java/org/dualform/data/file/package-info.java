/** Files of rows: JSONL, CSV, TSV, Parquet, and the splits of a folder. */
@NullMarked
package org.dualform.data.file;

import org.jspecify.annotations.NullMarked;
