/** The protocol of the hub: addresses, tokens, requests and refusals. */
@NullMarked
package org.dualform.hub.http;

import org.jspecify.annotations.NullMarked;
