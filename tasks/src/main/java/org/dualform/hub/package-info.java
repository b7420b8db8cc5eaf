/** Models and data sets from a hub, kept in the cache that Python's huggingface_hub also uses. */
@NullMarked
package org.dualform.hub;

import org.jspecify.annotations.NullMarked;
