/** The closed choices of an experiment, each constant with its name in specs and files; and the learning rate. */
@NullMarked
package org.dualform.spec.choice;

import org.jspecify.annotations.NullMarked;
