/** The hub's protocol: addresses, tokens, requests, refusals. */
@NullMarked
package org.dualform.hub.http;

import org.jspecify.annotations.NullMarked;
