/** What a data set consists of: the files of its splits, Parquet, labels, and rows as they are read. */
@NullMarked
package org.dualform.data.file;

import org.jspecify.annotations.NullMarked;
