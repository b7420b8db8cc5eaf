/** Rows in files of text: JSON Lines, JSON, CSV and TSV. */
@NullMarked
package org.dualform.data.text;

import org.jspecify.annotations.NullMarked;
