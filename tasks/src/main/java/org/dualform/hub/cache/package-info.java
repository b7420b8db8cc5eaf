/** The cache of downloaded files, in the layout that huggingface_hub uses. */
@NullMarked
package org.dualform.hub.cache;

import org.jspecify.annotations.NullMarked;
