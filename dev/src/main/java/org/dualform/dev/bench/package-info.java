/** {@code dualform bench}: measures speed and memory as ratios against named peers, and prints a table and a page. */
@NullMarked
package org.dualform.dev.bench;

import org.jspecify.annotations.NullMarked;
