/** Commands about the local servers: start, stop, look at and check them. */
@NullMarked
package org.dualform.cli.server;

import org.jspecify.annotations.NullMarked;
