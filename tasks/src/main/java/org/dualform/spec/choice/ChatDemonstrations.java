package org.dualform.spec.choice;

/** How a conversation shows the demonstrations. */
public enum ChatDemonstrations implements Choice {
    /** Each input is a user's turn, and its label word the assistant's answer. */
    TURNS,
    /** All stand before the query in one message of the user. */
    MESSAGE
}
