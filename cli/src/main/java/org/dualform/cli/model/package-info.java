/** Commands about models: look into one, check what it computes, fetch one from the hub, pretrain a small one. */
@NullMarked
package org.dualform.cli.model;

import org.jspecify.annotations.NullMarked;
