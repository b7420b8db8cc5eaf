package org.dualform.mlflow.http;

import org.dualform.contract.TransientException;

/**
 * The server has answered, and with an error of its own (a status from 500 on). Either the server is in trouble, or it
 * cannot take what was sent; the answer alone does not tell which.
 */
public final class ServerErrorException extends TransientException {
    private static final long serialVersionUID = 1L;

    ServerErrorException(String message) {
        super(message, null);
    }
}
