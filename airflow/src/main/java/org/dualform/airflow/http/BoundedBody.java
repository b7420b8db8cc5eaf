package org.dualform.airflow.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Passes the body of an answer on, as long as it keeps within a size and a time. Java's client bounds neither: its timeout
 * ends with the headers of an answer.
 */
final class BoundedBody<T> implements BodySubscriber<T> {
    private final BodySubscriber<T> reader;
    private final long most;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Void> clock;
    private volatile Flow.@Nullable Subscription source;
    private long bytes;

    /**
     * @param most bytes at most
     * @param time until the last byte
     */
    BoundedBody(BodySubscriber<T> reader, long most, Duration time) {
        this.reader = reader;
        this.most = most;
        this.clock = new CompletableFuture<Void>().orTimeout(time.toMillis(), TimeUnit.MILLISECONDS);
        clock.exceptionally(late -> {
            end(new HttpTimeoutException("the whole answer did not come within " + time.toSeconds() + " s"));
            return null;
        });
    }

    @Override
    public CompletionStage<T> getBody() {
        return reader.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source = subscription;
        reader.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        pieces.forEach(piece -> bytes += piece.remaining());
        if (bytes > most) {
            end(new TooLongException(most));
        } else if (!ended.get()) {
            reader.onNext(pieces);
        }
    }

    private void end(IOException why) {
        if (ended.compareAndSet(false, true)) {
            Flow.Subscription open = source;
            if (open != null) {
                open.cancel();
            }
            reader.onError(why);
            clock.complete(null);
        }
    }

    @Override
    public void onError(Throwable e) {
        if (ended.compareAndSet(false, true)) {
            clock.complete(null);
            reader.onError(e);
        }
    }

    @Override
    public void onComplete() {
        if (ended.compareAndSet(false, true)) {
            clock.complete(null);
            reader.onComplete();
        }
    }
}
