/** Models and data sets of a hub, in the cache that Python's huggingface_hub uses too. */
@NullMarked
package org.dualform.hub;

import org.jspecify.annotations.NullMarked;
