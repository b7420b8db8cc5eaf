/** What a study of momentum found, as plain values: what reports and tracking need to know of it. */
@NullMarked
package org.dualform.momentum.result;

import org.jspecify.annotations.NullMarked;
