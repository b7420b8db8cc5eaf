/** Data sets of the hub, laid out as local folders. */
@NullMarked
package org.dualform.hub.dataset;

import org.jspecify.annotations.NullMarked;
