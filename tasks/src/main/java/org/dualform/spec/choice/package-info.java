/** The closed choices of an experiment: one enum for each parameter, each constant with its name in specs and files. */
@NullMarked
package org.dualform.spec.choice;

import org.jspecify.annotations.NullMarked;
