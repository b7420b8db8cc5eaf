/** Documents that the built-in model is pretrained on. */
@NullMarked
package org.dualform.data.synthetic.corpus;

import org.jspecify.annotations.NullMarked;
