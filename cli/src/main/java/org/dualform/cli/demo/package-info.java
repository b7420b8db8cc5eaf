/** {@code dualform demo}: from nothing to a measured table, through all the other rooms. */
@NullMarked
package org.dualform.cli.demo;

import org.jspecify.annotations.NullMarked;
