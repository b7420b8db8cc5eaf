/** What results.json holds: rows, metrics, answers. Plain values, read and written by Jackson. */
@NullMarked
package org.dualform.score.result;

import org.jspecify.annotations.NullMarked;
