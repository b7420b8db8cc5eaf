/**
 * Prompts as conversations: what a model's chat template puts around texts, and the proof that a conversation cut behind
 * a demonstration is the beginning of the longer one.
 */
@NullMarked
package org.dualform.prompt.chat;

import org.jspecify.annotations.NullMarked;
