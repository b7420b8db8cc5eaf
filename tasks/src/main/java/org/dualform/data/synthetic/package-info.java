/** The built-in data sets, and the words and sentences that they and the pretraining corpus are made of. */
@NullMarked
package org.dualform.data.synthetic;

import org.jspecify.annotations.NullMarked;
