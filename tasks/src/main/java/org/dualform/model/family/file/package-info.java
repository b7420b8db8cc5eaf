/** config.json and tensor names, as every family reads them. */
@NullMarked
package org.dualform.model.family.file;

import org.jspecify.annotations.NullMarked;
