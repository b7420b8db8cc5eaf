/**
 * The list of model families. The rooms inside hold one class for each family: how its config.json and tensor names map
 * to the decoder's parts.
 */
@NullMarked
package org.dualform.model.family;

import org.jspecify.annotations.NullMarked;
