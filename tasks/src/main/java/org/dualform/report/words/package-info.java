/** The sentences of a report. */
@NullMarked
package org.dualform.report.words;

import org.jspecify.annotations.NullMarked;
