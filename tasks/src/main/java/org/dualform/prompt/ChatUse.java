package org.dualform.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.dualform.spec.choice.ChatDemonstrations;

/**
 * That a template's texts become turns of a conversation.
 *
 * @param demonstrations how the demonstrations are shown
 * @param sha256 the hash of the model's chat template
 */
public record ChatUse(
        @JsonProperty(required = true) ChatDemonstrations demonstrations,
        @JsonProperty(required = true) String sha256) {}
