/** What families share: reading config.json, and taking tensors by name. */
@NullMarked
package org.dualform.model.family.file;

import org.jspecify.annotations.NullMarked;
