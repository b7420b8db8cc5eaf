/** Records on the disk: what attention did at one token of each row. Plain files and numbers; no engine, no models. */
@NullMarked
package org.dualform.record;

import org.jspecify.annotations.NullMarked;
