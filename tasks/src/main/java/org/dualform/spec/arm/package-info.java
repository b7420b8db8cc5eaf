/** Arms: the experiment itself and its controls, their grammar and what each changes. */
@NullMarked
package org.dualform.spec.arm;

import org.jspecify.annotations.NullMarked;
