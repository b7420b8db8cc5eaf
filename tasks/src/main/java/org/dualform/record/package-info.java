/**
 * Records on the disk: what a model's attention did at one token of each row. Plain files and numbers; the room knows
 * neither the tensor engine nor models.
 */
@NullMarked
package org.dualform.record;

import org.jspecify.annotations.NullMarked;
