/** Several studies as the paper's tables, beside the values that the paper reports. */
@NullMarked
package org.dualform.report.paper;

import org.jspecify.annotations.NullMarked;
