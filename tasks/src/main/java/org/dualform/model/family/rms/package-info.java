/** The families whose blocks have RMS norms: Llama and its kin. */
@NullMarked
package org.dualform.model.family.rms;

import org.jspecify.annotations.NullMarked;
