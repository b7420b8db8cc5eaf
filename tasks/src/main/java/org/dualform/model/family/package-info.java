/** One class for each model family: how its config.json and tensor names map to the decoder's parts. */
@NullMarked
package org.dualform.model.family;

import org.jspecify.annotations.NullMarked;
