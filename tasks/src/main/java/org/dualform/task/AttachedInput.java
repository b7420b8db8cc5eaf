package org.dualform.task;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The standard input of a task that a caller stays attached to: the request in one line, and then nothing until the
 * caller is gone. So no task outlives a caller that was killed, also where no signal reaches the task, as in a container.
 */
final class AttachedInput {
    private AttachedInput() {}

    /**
     * Reads the request, and from then on watches for the end of the stream on a thread of its own.
     *
     * @param callerGone what stops the task
     * @return the first line
     */
    static byte[] request(InputStream in, Runnable callerGone) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = in.read();
        for (; read >= 0 && read != '\n'; read = in.read()) line.write(read);
        Thread watch = new Thread(() -> awaitEnd(in, callerGone), "dualform-caller");
        watch.setDaemon(true);
        watch.start();
        return line.toByteArray();
    }

    private static void awaitEnd(InputStream in, Runnable callerGone) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A stream that cannot be read has no caller either.
        }
        callerGone.run();
    }
}
