/** Tables, plots and the HTML report. Knows nothing of models. */
@NullMarked
package org.dualform.report;

import org.jspecify.annotations.NullMarked;
