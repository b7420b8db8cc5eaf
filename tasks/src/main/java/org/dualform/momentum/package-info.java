/** Momentum attention compared with plain attention: trainings with equal seeds, data, steps and parameters. */
@NullMarked
package org.dualform.momentum;

import org.jspecify.annotations.NullMarked;
