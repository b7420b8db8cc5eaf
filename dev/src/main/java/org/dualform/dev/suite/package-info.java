/** {@code dualform test}: runs every test that the project has, Java and Python, and sums up. */
@NullMarked
package org.dualform.dev.suite;

import org.jspecify.annotations.NullMarked;
