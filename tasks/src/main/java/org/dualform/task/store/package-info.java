/** The workspace, where finished results are kept and found: locks, hashes of files, writes that survive a crash. */
@NullMarked
package org.dualform.task.store;

import org.jspecify.annotations.NullMarked;
