/** Finds the best of several candidates on few rows: what a candidate's scores are, when it is dropped, and who wins. */
@NullMarked
package org.dualform.score.race;

import org.jspecify.annotations.NullMarked;
