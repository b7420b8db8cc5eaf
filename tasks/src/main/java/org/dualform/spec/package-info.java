/** The experiment as a value: parameters, their defaults and checks, the grid of cells. */
@NullMarked
package org.dualform.spec;

import org.jspecify.annotations.NullMarked;
