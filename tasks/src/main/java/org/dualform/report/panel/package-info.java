/** What a report shows of one data set and arm: its points and its numbers as text. */
@NullMarked
package org.dualform.report.panel;

import org.jspecify.annotations.NullMarked;
