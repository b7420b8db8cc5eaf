/** Commands about the local servers: install what they need, start, stop, look at and check them. */
@NullMarked
package org.dualform.cli.server;

import org.jspecify.annotations.NullMarked;
