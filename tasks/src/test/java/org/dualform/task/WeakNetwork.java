package org.dualform.task;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The way to a real server, which counts what passes, and which can break: it cuts a connection in the middle of a
 * request or a reply, or holds it there, or is not there at all.
 */
final class WeakNetwork implements AutoCloseable {
    private static final String END_OF_LINE = " HTTP/1.1\r\n";

    private final URI server;
    private final int port;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final CountDownLatch held = new CountDownLatch(1);
    private volatile long mostSent = Long.MAX_VALUE;
    private volatile long mostReceived = Long.MAX_VALUE;
    private volatile boolean holds;
    private volatile @Nullable ServerSocket door;

    WeakNetwork(String uri) throws IOException {
        server = URI.create(uri);
        ServerSocket first = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        port = first.getLocalPort();
        listen(first);
    }

    String uri() {
        return "http://127.0.0.1:" + port;
    }

    /** Cuts every connection after so many bytes of one request. */
    void cutsRequestsAfter(long bytes) {
        mostSent = bytes;
    }

    /** Holds every connection after so many bytes of one request. */
    void holdsRequestsAfter(long bytes) {
        holds = true;
        mostSent = bytes;
    }

    /** Waits until a connection is held. */
    void awaitHeld() throws InterruptedException {
        held.await();
    }

    /** Cuts every connection after so many bytes of one reply. */
    void cutsRepliesAfter(long bytes) {
        mostReceived = bytes;
    }

    /** Nobody answers any more. */
    void away() throws IOException {
        ServerSocket closing = door;
        door = null;
        if (closing != null) closing.close();
        for (Closeable each : open) each.close();
        // A thread that waits in accept keeps the port open until it has noticed.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (answers()) {
            if (System.nanoTime() > deadline) throw new IllegalStateException("port " + port + " still answers");
            Thread.onSpinWait();
        }
    }

    private boolean answers() throws IOException {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (ConnectException refused) {
            return false;
        }
    }

    /** All is well again. */
    void heal() throws IOException {
        holds = false;
        mostSent = Long.MAX_VALUE;
        mostReceived = Long.MAX_VALUE;
        if (door == null) listen(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
    }

    /** The first lines of all requests, without the version of HTTP. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Bytes to the server. */
    long sent() {
        return sent.get();
    }

    /** Bytes from the server. */
    long received() {
        return received.get();
    }

    private void listen(ServerSocket socket) {
        door = socket;
        start(() -> {
            while (true) {
                Socket client = socket.accept();
                Socket behind = new Socket(server.getHost(), server.getPort());
                open.add(client);
                open.add(behind);
                start(() -> pass(client, behind, true));
                start(() -> pass(behind, client, false));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The connection is closed, by one of its ends or by the test.
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void pass(Socket from, Socket to, boolean request) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[4096];
            long ofThisCall = 0;
            for (int n; (n = in.read(piece)) >= 0; ) {
                // A client sends a request line at the beginning of a piece; so each reply begins anew, too.
                String call = request ? firstLine(piece, n) : "";
                if (!call.isEmpty()) {
                    requests.add(call);
                    ofThisCall = 0;
                } else if (!request && startsReply(piece, n)) {
                    ofThisCall = 0;
                }
                ofThisCall += n;
                if (ofThisCall > (request ? mostSent : mostReceived)) {
                    if (!holds) return;
                    hold();
                }
                (request ? sent : received).addAndGet(n);
                out.write(piece, 0, n);
            }
        }
    }

    private void hold() throws IOException {
        held.countDown();
        try {
            while (holds) Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static boolean startsReply(byte[] piece, int n) {
        return new String(piece, 0, Math.min(n, 9), StandardCharsets.US_ASCII).equals("HTTP/1.1 ");
    }

    /** Empty if no request begins here. */
    private static String firstLine(byte[] piece, int n) {
        String text = new String(piece, 0, n, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(END_OF_LINE);
        return end > 0 && text.indexOf('\n') > end ? text.substring(0, end) : "";
    }

    @Override
    public void close() throws IOException {
        holds = false;
        away();
    }
}
