/** What tasks hand to each other: parameters and files, by type. */
@NullMarked
package org.dualform.task.file;

import org.jspecify.annotations.NullMarked;
