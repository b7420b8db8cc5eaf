/** The figures of a report: which numbers are drawn, and how. */
@NullMarked
package org.dualform.report.plot;

import org.jspecify.annotations.NullMarked;
