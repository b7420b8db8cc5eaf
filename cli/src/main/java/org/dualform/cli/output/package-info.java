/** What a command prints: a table for people, or one JSON document for programs. */
@NullMarked
package org.dualform.cli.output;

import org.jspecify.annotations.NullMarked;
