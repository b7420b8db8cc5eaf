/** {@code dualform bench}: speed and memory as ratios against named peers, as a table and as a page. */
@NullMarked
package org.dualform.dev.bench;

import org.jspecify.annotations.NullMarked;
