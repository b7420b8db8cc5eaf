/** Tables, figures and the report as text, Markdown and HTML. It knows nothing of models. */
@NullMarked
package org.dualform.report;

import org.jspecify.annotations.NullMarked;
