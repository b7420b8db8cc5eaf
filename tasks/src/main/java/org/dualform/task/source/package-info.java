/** Models and data sets, found in folders or fetched from a hub. */
@NullMarked
package org.dualform.task.source;

import org.jspecify.annotations.NullMarked;
